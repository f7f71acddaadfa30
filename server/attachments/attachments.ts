import type { Readable } from "node:stream";
import type { TalkRules } from "../content/talk.schema.ts";
import type { ClockSource } from "../runtime/clock-source.ts";
import { notFound, RuntimeProblem } from "../runtime/errors.ts";
import { newId } from "../store/ids.ts";
import { integer, text } from "../store/rows.ts";
import type { Row, Store } from "../store/store.ts";
import type { Principal } from "../identity/sessions.ts";
import { cleanFileName } from "./file-name.ts";
import { kindOfFile } from "./file-kind.ts";
import type { FileStore, ReceivedFile } from "./file-store.ts";
import type { Scanner } from "./scanner.ts";

/** What attachments need: rows, contents, the clock of cases, the bounds, and a scanner where one is configured. */
export interface AttachmentRoom {
  readonly store: Store;
  readonly files: FileStore;
  readonly scanner: Scanner | null;
  readonly clock: ClockSource;
  readonly rules: TalkRules["attachments"];
}

/** The state of looking for harmful content. `notScanned`: no scanner is configured. */
export type ScanState = "pending" | "clean" | "infected" | "notScanned";

/**
 * Takes in a file that belongs to its uploader alone until it is bound to a case. Throws 413 with the limit, 422 for its name
 * or kind, 409 where the uploader has too much that is bound to nothing.
 */
export async function upload(
  room: AttachmentRoom,
  principal: Principal,
  file: { readonly name: string; readonly content: Readable; readonly announcedBytes: number | null },
): Promise<Row> {
  const name = cleanFileName(file.name);
  if (name === null)
    throw new RuntimeProblem(422, "ATTACHMENT_NAME", { zh: "文件名无效", en: "The file has no usable name" });
  const { maximumBytes } = room.rules;
  if (file.announcedBytes !== null && file.announcedBytes > maximumBytes) throw tooLarge(maximumBytes);
  const received = await room.files.receive(file.content, maximumBytes);
  if (received === null) throw tooLarge(maximumBytes);
  try {
    const { media } = await kindOfFile(received.path, name, room.rules);
    return await record(room, principal, { received, name, media });
  } finally {
    await room.files.discard(received);
  }
}

/** The row first and the file after it: whoever clears away unused files then sees that this one is wanted. */
async function record(
  room: AttachmentRoom,
  principal: Principal,
  { received, name, media }: { readonly received: ReceivedFile; readonly name: string; readonly media: string },
): Promise<Row> {
  const row = {
    id: newId(),
    sha256: received.sha256,
    name,
    media,
    bytes: received.bytes,
    person_id: principal.id,
    person_name: principal.name,
    created_at: room.clock.now(),
    instance_id: null,
    task_id: null,
    bound_at: null,
    scan: room.scanner ? "pending" : "notScanned",
    scanned_at: null,
  };
  await room.store.transaction(async (tx) => {
    const unbound = await tx.query(
      "SELECT SUM(bytes) AS bytes FROM attachment WHERE person_id = ? AND instance_id IS NULL",
      [principal.id],
    );
    refuseBeyondQuota(room, sumOf(unbound), received.bytes);
    await tx.insert("attachment", row);
  });
  await room.files.keep(received);
  return row;
}

/** Its row, for whoever knows its id; rights are the caller's question (`access.ts`). */
export async function attachmentOf(room: AttachmentRoom, id: string): Promise<Row> {
  const [row] = await room.store.read("SELECT * FROM attachment WHERE id = ?", [id]);
  if (!row) throw notFound();
  return row;
}

/** Removes an upload of one's own that is bound to nothing. */
export async function withdrawUpload(room: AttachmentRoom, principal: Principal, id: string): Promise<void> {
  const row = await attachmentOf(room, id);
  const deleted = await room.store.transaction((tx) =>
    tx.execute("DELETE FROM attachment WHERE id = ? AND person_id = ? AND instance_id IS NULL", [id, principal.id]),
  );
  if (deleted === 0) throw notFound();
  await removeUnused(room, [text(row, "sha256")]);
}

/** Removes the contents that no row refers to any more. */
export async function removeUnused(
  { store, files }: Pick<AttachmentRoom, "store" | "files">,
  hashes: readonly string[],
): Promise<void> {
  for (const sha256 of new Set(hashes)) {
    const isWanted = async () =>
      (await store.read("SELECT id FROM attachment WHERE sha256 = ? LIMIT 1", [sha256])).length > 0;
    if (!(await isWanted())) await files.remove(sha256, isWanted);
  }
}

/** Removes uploads that were bound to nothing in time, unless a draft of their uploader still names them. Gives their number. */
export async function sweepUnbound(room: AttachmentRoom): Promise<number> {
  const before = new Date(Date.parse(room.clock.now()) - room.rules.unboundHours * 3_600_000).toISOString();
  const rows = await room.store.read(
    "SELECT id, sha256, person_id FROM attachment WHERE instance_id IS NULL AND created_at < ? ORDER BY created_at LIMIT 200",
    [before],
  );
  const removed: string[] = [];
  for (const row of rows) {
    const deleted = await room.store.transaction(async (tx) => {
      const drafts = await tx.query("SELECT id FROM draft WHERE person_id = ? AND content LIKE ?", [
        text(row, "person_id"),
        `%${text(row, "id")}%`,
      ]);
      if (drafts.length > 0) return 0;
      return tx.execute("DELETE FROM attachment WHERE id = ? AND instance_id IS NULL", [text(row, "id")]);
    });
    if (deleted > 0) removed.push(text(row, "sha256"));
  }
  await removeUnused(room, removed);
  return removed.length;
}

/**
 * Looks at the files that nobody has looked at. An infected one goes into quarantine with every row of the same content. A
 * scanner that fails leaves the file pending. Gives the number of files that now have an answer.
 */
export async function scanPending(room: AttachmentRoom): Promise<number> {
  const { scanner, store, files, clock } = room;
  if (!scanner) return 0;
  const rows = await store.read("SELECT DISTINCT sha256 FROM attachment WHERE scan = 'pending' LIMIT 50");
  let answered = 0;
  for (const row of rows) {
    const sha256 = text(row, "sha256");
    const content = await files.read(sha256, null);
    if (content === null) continue;
    const result = await scanned(scanner, content);
    const only = result === "infected" ? "" : " AND scan = 'pending'";
    await store.transaction((tx) =>
      tx.execute(`UPDATE attachment SET scan = ?, scanned_at = ? WHERE sha256 = ?${only}`, [
        result,
        clock.now(),
        sha256,
      ]),
    );
    if (result === "infected") await files.quarantine(sha256);
    answered += 1;
  }
  return answered;
}

/** A scanner may stop reading at what it finds: the file is closed all the same. */
async function scanned(scanner: Scanner, content: Readable): ReturnType<Scanner> {
  try {
    return await scanner(content);
  } finally {
    content.destroy();
  }
}

export interface AttachmentFault {
  readonly attachment: string;
  readonly problem: "altered" | "missing";
}

/** Reads every file that is not in quarantine, and gives those that are altered or gone. */
export async function verifyAttachments(store: Store, files: FileStore): Promise<readonly AttachmentFault[]> {
  const faults: AttachmentFault[] = [];
  const rows = await store.read("SELECT id, sha256 FROM attachment WHERE scan <> 'infected' ORDER BY sha256, id");
  const found = new Map<string, "sound" | "altered" | "missing">();
  for (const row of rows) {
    const sha256 = text(row, "sha256");
    const problem = found.get(sha256) ?? (await files.check(sha256));
    found.set(sha256, problem);
    if (problem !== "sound") faults.push({ attachment: text(row, "id"), problem });
  }
  return faults;
}

export function scanStateOf(row: Row): ScanState {
  return text(row, "scan") as ScanState;
}

/** Throws 409 when a case, or what a person has uploaded for none, would hold more than the quota. */
export function refuseBeyondQuota(room: Pick<AttachmentRoom, "rules">, held: number, added: number): void {
  const { caseQuotaBytes } = room.rules;
  if (held + added <= caseQuotaBytes) return;
  throw new RuntimeProblem(
    409,
    "ATTACHMENT_QUOTA",
    {
      zh: `附件总量超过上限 ${megabytes(caseQuotaBytes)} MB`,
      en: `The attachments would hold more than ${megabytes(caseQuotaBytes)} MB`,
    },
    { zh: "请删除不需要的附件或缩小文件", en: "Remove what is not needed, or make the files smaller" },
  );
}

export function sumOf(rows: readonly Row[]): number {
  const [row] = rows;
  return row === undefined || row["bytes"] === null ? 0 : integer(row, "bytes");
}

function tooLarge(maximumBytes: number): RuntimeProblem {
  return new RuntimeProblem(
    413,
    "ATTACHMENT_TOO_LARGE",
    {
      zh: `文件超过上限 ${megabytes(maximumBytes)} MB`,
      en: `The file is larger than ${megabytes(maximumBytes)} MB`,
    },
    { zh: "请压缩或拆分后上传", en: "Make it smaller or split it" },
  );
}

function megabytes(bytes: number): string {
  return (bytes / 1_048_576).toFixed(bytes % 1_048_576 === 0 ? 0 : 2);
}
