import { request as overHttp, type RequestOptions } from "node:http";
import { request as overHttps } from "node:https";
import type { BlockList } from "node:net";
import { admittedAddress, isPublic } from "./address-guard.ts";
import { ChannelError } from "./channel-error.ts";

/** How long one attempt may take, from the connection to the end of the answer. */
const attemptMs = 10_000;

/** As much of an answer as is looked at, in bytes; the rest is never read. */
const answerBytes = 2_048;

export interface Answer {
  readonly status: number;
  /** The beginning of the body, to be judged at once and not kept. */
  readonly beginning: string;
}

interface Call {
  readonly method: "GET" | "POST";
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** Posts to an address that an administrator entered. Throws `ChannelError`. */
export async function guardedPost(
  target: string,
  { body, headers }: Pick<Call, "body" | "headers">,
  allowed: BlockList,
): Promise<Answer> {
  const length = { "content-length": String(Buffer.byteLength(body)) };
  return guardedCall(target, { method: "POST", body, headers: { ...headers, ...length } }, allowed);
}

/** Asks an address that a provider entered, without anything that says who asks for whom. Throws `ChannelError`. */
export async function guardedGet(target: string, allowed: BlockList): Promise<Answer> {
  return guardedCall(target, { method: "GET", body: "", headers: {} }, allowed);
}

/**
 * The host is looked up once, judged, and the very address that was judged is connected to, so that a name cannot point elsewhere
 * in between. Redirects are not followed. Plain HTTP is for allowed private addresses only.
 */
async function guardedCall(target: string, { method, body, headers }: Call, allowed: BlockList): Promise<Answer> {
  const url = parsed(target);
  const address = await admittedAddress(url.hostname, allowed);
  if (url.protocol === "http:" && isPublic(address))
    throw new ChannelError("HTTPS_ONLY", "outside the own network only https is used", false);
  const options: RequestOptions = {
    method,
    agent: false,
    signal: AbortSignal.timeout(attemptMs),
    headers: { ...headers, "user-agent": "Jieli" },
    lookup: (_host, { all }, found) =>
      all ? found(null, [{ ...address }]) : found(null, address.address, address.family),
  };
  return new Promise((resolve, reject) => {
    const request = (url.protocol === "https:" ? overHttps : overHttp)(url, options, (response) => {
      let beginning = "";
      response.setEncoding("utf8");
      const finish = () => {
        resolve({ status: response.statusCode ?? 0, beginning: beginning.slice(0, answerBytes) });
        response.destroy();
      };
      response.on("data", (chunk: string) => {
        beginning += chunk;
        if (beginning.length >= answerBytes) finish();
      });
      response.once("end", finish);
      response.once("error", (error) => reject(unreached(error)));
    });
    request.once("error", (error) => reject(unreached(error)));
    request.end(body);
  });
}

/** Refuses what is no address to call. */
export function parsed(target: string): URL {
  const url = URL.canParse(target) ? new URL(target) : null;
  if (!url || !/^https?:$/.test(url.protocol) || url.username !== "" || url.password !== "" || url.hash !== "")
    throw new ChannelError("URL_UNUSABLE", "no http(s) address without a user", false);
  return url;
}

function unreached(error: Error): ChannelError {
  const code = "code" in error && typeof error.code === "string" ? error.code : error.name;
  return code === "TimeoutError" || code === "ABORT_ERR"
    ? new ChannelError("TIMEOUT", `no answer within ${attemptMs / 1000} s`, true, { cause: error })
    : new ChannelError("UNREACHABLE", code, true, { cause: error });
}

/** Throws for anything but success. A redirect is none. */
export function requireSuccess({ status }: Pick<Answer, "status">): void {
  if (status >= 200 && status < 300) return;
  throw new ChannelError(`HTTP_${status}`, "the answer is no success", status !== 410);
}
