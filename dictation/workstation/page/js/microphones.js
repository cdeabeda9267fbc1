// Which microphone is wanted: one of this browser's, or one of the workstation's.

import { recall, remember } from "./i18n.js";

const KIND = "dictation.microphone";
const CHOSEN = "dictation.browser-microphone";
const CLIENT = "client";
const WORKSTATION = "workstation ";

// Chromium's other names of microphones that it lists as well.
const ALIASES = new Set(["default", "communications"]);

/** The browser's microphones, `[{id, label}]`; it tells of none before the doctor has allowed it one. */
export async function browserMicrophones() {
  const devices = (await navigator.mediaDevices?.enumerateDevices()) ?? [];
  return devices
    .filter(({ kind, deviceId, label }) => kind === "audioinput" && label && !ALIASES.has(deviceId))
    .map(({ deviceId, label }) => ({ id: deviceId, label }));
}

/** The one among `microphones` that was chosen: by its id, or by its name where the browser has numbered them anew. */
export function found(chosen, microphones) {
  return microphones.find(({ id }) => id === chosen.id) ?? microphones.find(({ label }) => label === chosen.label);
}

/** The microphone `{id, label}` that the doctor has chosen for this browser; null for the one that the system gives. */
export function chosenMicrophone() {
  try {
    const { id, label } = JSON.parse(recall(CHOSEN)) ?? {};
    return id && label ? { id, label } : null;
  } catch {
    return null; // Not written by this page.
  }
}

export const chooseMicrophone = (chosen) => remember(CHOSEN, JSON.stringify(chosen));

/** Values of a choice between the browser's microphone and the workstation's devices. */
export const sources = (devices) => [CLIENT, ...devices.map((name) => WORKSTATION + name)];

export const rememberSource = (source) => remember(KIND, source);

/** What was chosen last, where it is still there: a value of `sources`. */
export function lastSource(devices) {
  const last = recall(KIND);
  return sources(devices).includes(last) ? last : CLIENT;
}

/** What a dictation is told of it. */
export const microphoneOf = (source) =>
  source === CLIENT
    ? { microphone: CLIENT }
    : { microphone: "workstation", device: source.slice(WORKSTATION.length) };
