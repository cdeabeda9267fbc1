// Parts of a record beside the fields of its form, as the API names them.
export const FINDINGS = "findings";
export const ALLERGIES = "allergies";
export const NOTICES = "notices";

// A word that the recogniser was less sure of than this is marked in the transcript.
export const UNSURE = 0.5;

export const RATE = 16000;
