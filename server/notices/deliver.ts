import type { BlockList } from "node:net";
import { newId } from "../store/ids.ts";
import { integer, optionalText, text } from "../store/rows.ts";
import type { Row, Store } from "../store/store.ts";
import { claimBatch, dueLanes, settle, type Batch, type Lane } from "./batches.ts";
import { ChannelError } from "./channels/channel-error.ts";
import { dingtalkAddress, dingtalkBody } from "./channels/dingtalk.ts";
import { guardedPost, requireSuccess, type Answer } from "./channels/guarded-call.ts";
import { MailChannel } from "./channels/mail.ts";
import { requireTaken } from "./channels/robot-answer.ts";
import { signedEvent } from "./channels/webhook.ts";
import { wecomBody } from "./channels/wecom.ts";
import { isOvertaken, outgoing, type OutgoingNotice } from "./outgoing.ts";
import type { NoticeSettings } from "./settings.ts";

interface DeliveryParts {
  readonly store: Store;
  readonly settings: NoticeSettings;
  /** The clock of cases. */
  readonly now: () => string;
}

const asJson = { "content-type": "application/json; charset=utf-8" };

/**
 * Sends what is due, each way out by itself: a mail server that hangs holds up no webhook. Any number of nodes may do so. A
 * delivery is sent at least once: what was sent but not yet marked when a node died goes out again, with the same id.
 */
export class Deliverer {
  readonly #parts: DeliveryParts;
  readonly #mail: MailChannel | null;
  readonly #owner = newId();
  readonly #busy = new Map<string, Promise<number>>();
  #isClosing = false;

  constructor(parts: DeliveryParts) {
    this.#parts = parts;
    this.#mail = parts.settings.mail ? new MailChannel(parts.settings.mail) : null;
  }

  /** Works on every lane that has something due and is not being worked on. Gives how many batches went out. */
  async deliver(): Promise<number> {
    const lanes = await dueLanes(this.#parts.store, this.#parts.now());
    const open = lanes.filter(({ channel }) => channel !== "mail" || this.#mail !== null);
    const sent = await Promise.all(open.map((lane) => this.#once(lane)));
    return sent.reduce((sum, batches) => sum + batches, 0);
  }

  /** Lets attempts under way end; nothing new begins. */
  async close(): Promise<void> {
    this.#isClosing = true;
    await Promise.allSettled(this.#busy.values());
    this.#mail?.close();
  }

  async #once(lane: Lane): Promise<number> {
    const key = lane.channel === "mail" ? "mail" : lane.endpoint;
    const running = this.#busy.get(key);
    if (running) return running;
    const work = this.#drain(lane).finally(() => this.#busy.delete(key));
    this.#busy.set(key, work);
    return work;
  }

  /** Until nothing is due or an attempt fails: a way that fails is tried again at the next sweep, not hammered. */
  async #drain(lane: Lane): Promise<number> {
    const { store, now } = this.#parts;
    let sent = 0;
    while (!this.#isClosing) {
      const batch = await claimBatch(store, lane, { owner: this.#owner, now: now() });
      if (batch === null || !(await this.#attempt(batch))) break;
      sent += 1;
    }
    return sent;
  }

  async #attempt(batch: Batch): Promise<boolean> {
    const { store, now, settings } = this.#parts;
    const owner = this.#owner;
    const [first] = batch.rows;
    // A webhook hears of everything; people need not be called to what is done.
    const overtaken = text(first, "channel") === "webhook" ? [] : batch.rows.filter(isOvertaken);
    const rows = batch.rows.filter((row) => !overtaken.includes(row));
    await settle(store, overtaken, { owner, outcome: { state: "overtaken" } });
    if (rows.length === 0) return true;
    try {
      await this.#send(
        { id: batch.id, first },
        rows.map((row) => outgoing(row, settings.publicUrl)),
      );
    } catch (error) {
      const known = error instanceof ChannelError ? error : new ChannelError("INTERNAL", String(error), true);
      const outcome = { state: "failed", error: known.message, passes: known.passes, now: now() } as const;
      await settle(store, rows, { owner, outcome });
      return false;
    }
    await settle(store, rows, { owner, outcome: { state: "sent", at: now() } });
    return true;
  }

  async #send({ id, first }: { id: string; first: Row }, notices: readonly OutgoingNotice[]): Promise<void> {
    const endpoint = optionalText(first, "endpoint_id");
    await (endpoint === null ? this.#sendMail(id, text(first, "person_id"), notices) : this.#call(endpoint, notices));
  }

  async #sendMail(id: string, person: string, notices: readonly OutgoingNotice[]): Promise<void> {
    const { store, settings } = this.#parts;
    const [preference] = await store.read("SELECT mail, language FROM notice_preference WHERE person_id = ?", [person]);
    const to = preference ? optionalText(preference, "mail") : null;
    if (!preference || to === null || !this.#mail)
      throw new ChannelError("NO_ADDRESS", "the person has taken the address away", false);
    await this.#mail.send({ id, to, language: languageOf(preference), notices, publicUrl: settings.publicUrl });
  }

  async #call(id: string, notices: readonly OutgoingNotice[]): Promise<void> {
    const { store, settings } = this.#parts;
    const [endpoint] = await store.read("SELECT * FROM notice_endpoint WHERE id = ?", [id]);
    if (!endpoint || integer(endpoint, "active") !== 1)
      throw new ChannelError("ENDPOINT_OFF", "the endpoint was removed or switched off", false);
    await callEndpoint(endpoint, notices, settings);
  }
}

/** Calls a webhook or robot with these notices. Throws `ChannelError` unless it has taken them. */
export async function callEndpoint(
  endpoint: Row,
  notices: readonly OutgoingNotice[],
  settings: NoticeSettings,
): Promise<void> {
  const type = text(endpoint, "type");
  if (type !== "webhook") return callRobot(endpoint, notices, settings.allowed);
  // One webhook call carries one event; its deliveries are never gathered.
  for (const notice of notices) {
    const event = signedEvent(notice, {
      secret: text(endpoint, "secret"),
      source: settings.publicUrl ?? "urn:jieli",
      timestamp: Math.floor(Date.now() / 1000),
    });
    requireSuccess(await guardedPost(text(endpoint, "url"), event, settings.allowed));
  }
}

async function callRobot(endpoint: Row, notices: readonly OutgoingNotice[], allowed: BlockList): Promise<void> {
  const [url, language] = [text(endpoint, "url"), languageOf(endpoint)];
  const isDingtalk = text(endpoint, "type") === "dingtalk";
  const address = isDingtalk ? dingtalkAddress(url, text(endpoint, "secret"), Date.now()) : url;
  const body = isDingtalk ? dingtalkBody(notices, language) : wecomBody(notices, language);
  const answer: Answer = await guardedPost(address, { body, headers: asJson }, allowed);
  requireSuccess(answer);
  requireTaken(answer.beginning);
}

function languageOf(row: Row): "zh" | "en" {
  return text(row, "language") === "en" ? "en" : "zh";
}
