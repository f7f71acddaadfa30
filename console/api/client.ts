import type { ProblemDetails } from "../../server/api/shared/common.schema.ts";

/** An answer of the server that is no success: RFC 9457 problem details. */
export class ApiProblem extends Error {
  override readonly name = "ApiProblem";
  readonly details: ProblemDetails;
  constructor(details: ProblemDetails) {
    super(details.title);
    this.details = details;
  }
}

/** Nothing came back that the server would have said: there is no network, or something between here and there answered. */
export class NoAnswer extends Error {
  override readonly name = "NoAnswer";
}

let csrfToken = "";

/** The token of the session, sent back with every change. */
export function keepCsrfToken(token: string): void {
  csrfToken = token;
}

interface CallOptions {
  readonly body?: unknown;
  readonly key?: string | undefined;
  /** Ends the request, and with it what the server does for it. */
  readonly signal?: AbortSignal;
}

async function call<T>(method: "GET" | "POST" | "PUT" | "DELETE", path: string, options: CallOptions = {}): Promise<T> {
  const { body, key, signal } = options;
  return answered<T>(path, {
    method,
    headers: {
      ...(body === undefined ? {} : { "content-type": "application/json" }),
      ...(method === "GET" ? {} : { "x-csrf-token": csrfToken }),
      ...(key ? { "idempotency-key": key } : {}),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    ...(signal ? { signal } : {}),
  });
}

async function answered<T>(path: string, init: RequestInit): Promise<T> {
  try {
    const response = await fetch(path, { credentials: "same-origin", ...init });
    if (response.status === 204) return undefined as T;
    const answer: unknown = await response.json();
    if (!response.ok) throw new ApiProblem(answer as ProblemDetails);
    return answer as T;
  } catch (error) {
    // As fetch tells that nothing could be reached, and JSON that what came is none.
    if (error instanceof TypeError || error instanceof SyntaxError) throw new NoAnswer(error.message, { cause: error });
    throw error;
  }
}

/** The server's API. Types are those of the contracts in `server/api`. */
export const api = {
  get: <T>(path: string) => call<T>("GET", path),
  post: <T>(path: string, body: unknown, key?: string) => call<T>("POST", path, { body, key }),
  put: <T>(path: string, body: unknown) => call<T>("PUT", path, { body }),
  /** For what takes long and may be cancelled. */
  postUntil: <T>(path: string, body: unknown, signal: AbortSignal) => call<T>("POST", path, { body, signal }),
  remove: (path: string) => call<undefined>("DELETE", path),
};

/** Sends the content of a file as it is. */
export async function sendFile<T>(path: string, file: Blob): Promise<T> {
  return answered<T>(path, {
    method: "POST",
    headers: { "content-type": "application/octet-stream", "x-csrf-token": csrfToken },
    body: file,
  });
}

export function query(parameters: Readonly<Record<string, string | undefined>>): string {
  const search = new URLSearchParams(
    Object.entries(parameters).filter((entry): entry is [string, string] => entry[1] !== undefined && entry[1] !== ""),
  );
  const text = search.toString();
  return text === "" ? "" : `?${text}`;
}
