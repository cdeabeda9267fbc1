// The HTTP API. Every error reaches the doctor as the text that the server gave.

import { language } from "./i18n.js";

const ROOT = "/api/v1";
let bearer = null;
let acting = null;

/** An answer that is not a success: `code` of the closed list, `told` for people where the server has said something. */
export class ApiError extends Error {
  constructor({ code, text }) {
    super(text ?? code);
    this.code = code;
    this.told = text;
  }
}

/** Requests name the token and the doctor themselves: the page stands in another system's page. */
export function useBearer(token, doctor) {
  bearer = { token, doctor };
}

export const credentials = () => bearer;

/** Who is at this page. Another window shares the cookie, and another doctor may have unlocked there. */
export function actAs(doctor) {
  acting = doctor;
}

/** What the first message of a socket says of who speaks. */
export const speaker = () => bearer ?? (acting ? { doctor: acting } : {});

async function request(method, path, body) {
  const headers = { "Accept-Language": language() };
  if (bearer) {
    headers.Authorization = `Bearer ${bearer.token}`;
    headers["X-Dictation-Doctor"] = encodeURIComponent(bearer.doctor);
  } else if (acting) headers["X-Dictation-Doctor"] = encodeURIComponent(acting);
  if (body !== undefined) headers["Content-Type"] = "application/json";
  let reply;
  try {
    reply = await fetch(ROOT + path, {
      method,
      headers,
      body: body === undefined ? undefined : JSON.stringify(body),
    });
  } catch {
    throw new ApiError({ code: "unreachable" });
  }
  if (reply.ok) return reply;
  const told = await reply.json().catch(() => ({}));
  throw new ApiError(told.error ?? { code: `http-${reply.status}` });
}

async function json(method, path, body) {
  const reply = await request(method, path, body);
  return reply.status === 204 ? null : reply.json();
}

const part = encodeURIComponent;

export const get = (path) => json("GET", path);
export const post = (path, body = {}) => json("POST", path, body);
export const put = (path, body) => json("PUT", path, body);
export const remove = (path) => json("DELETE", path);

// The version that is changed: the server refuses where somebody changed the record since.
const at = (version) => (version === null || version === undefined ? "" : `?version=${version}`);

export const records = {
  search: (wanted) => post("/records/search", wanted),
  open: (id) => get(`/records/${part(id)}`),
  // `seen` is what the doctor saw: where something else stands there by now, the server refuses as well.
  set: (id, version, key, change) => put(`/records/${part(id)}/fields/${part(key)}${at(version)}`, change),
  confirm: (id, version, name, seen) => post(`/records/${part(id)}/confirm${at(version)}`, { name, seen }),
  unconfirm: (id, version, name) => remove(`/records/${part(id)}/confirm/${part(name)}${at(version)}`),
  revert: (id, version, field) => post(`/records/${part(id)}/revert${at(version)}`, { field }),
  undo: (id, version) => post(`/records/${part(id)}/undo${at(version)}`),
  redo: (id, version) => post(`/records/${part(id)}/redo${at(version)}`),
  context: (id, version, context) => put(`/records/${part(id)}/context${at(version)}`, context),
  sign: (id, version) => post(`/records/${part(id)}/sign`, { version }),
  submit: (id) => post(`/records/${part(id)}/submit`),
  remove: (id) => remove(`/records/${part(id)}`),
  printPage: (id) => `${ROOT}/records/${part(id)}/print`,
  async sound(id, start, end) {
    const reply = await request("GET", `/records/${part(id)}/audio?start=${start.toFixed(3)}&end=${end.toFixed(3)}`);
    return reply.blob();
  },
};

export const forms = { open: (name) => get(`/forms/${part(name)}`) };
export const icd10 = (words) => get(`/icd10?${new URLSearchParams({ q: words })}`);
export const readIin = (iin) => post("/iin", { iin });

export const outbox = { retry: (number) => post(`/outbox/${number}/retry`) };

export const dictations = {
  recover: (id) => post(`/dictations/${part(id)}/recover`),
  remove: (id) => remove(`/dictations/${part(id)}`),
};

const reasonTexts = new Map();

/** What the reason codes say in the language of the page. */
export async function reasons() {
  const wanted = language();
  if (!reasonTexts.has(wanted)) reasonTexts.set(wanted, await get(`/reasons?language=${wanted}`));
  return reasonTexts.get(wanted);
}

/** Tells the server that somebody is at the desk: what is read without a request is work too. */
export const present = () => get(`/reasons?language=${language()}`);

export function socketAddress() {
  const scheme = location.protocol === "https:" ? "wss" : "ws";
  return `${scheme}://${location.host}${ROOT}/dictate?page=${language()}`;
}
