// Parts of a record beside the fields of its form, as the API names them.
export const FINDINGS = "findings";
export const ALLERGIES = "allergies";
export const NOTICES = "notices";

// A word that the recogniser was less sure of than this is marked in the transcript.
export const UNSURE = 0.5;

export const RATE = 16000;

// Reasons that say how well words were heard; at the first the program wrote others in their place.
export const RESPELLED = "respelled";
export const MISHEARD = new Set([RESPELLED, "low-confidence", "unclear-word", "ambiguous-number", "unread-number"]);
