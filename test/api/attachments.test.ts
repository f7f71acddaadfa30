import { createHash } from "node:crypto";
import { existsSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { Readable } from "node:stream";
import request, { type Response } from "supertest";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  scanPending,
  sweepUnbound,
  verifyAttachments,
  type AttachmentRoom,
} from "../../server/attachments/attachments.ts";
import { deleteCase } from "../../server/runtime/retention.ts";
import { pdf, png } from "../support/files.ts";
import { ApiBench } from "./support.ts";

let bench: ApiBench;
let caseId: string;
const sha256 = createHash("sha256").update(pdf).digest("hex");

beforeAll(async () => {
  bench = await ApiBench.open();
  caseId = (await bench.apply()).instanceId;
});
afterAll(() => bench.close());

async function upload(
  account: string,
  name: string,
  content: Buffer,
  type = "application/octet-stream",
): Promise<Response> {
  const person = await bench.as(account);
  return request(bench.server)
    .post(`/api/attachments?name=${encodeURIComponent(name)}`)
    .set({ cookie: person.cookie, "x-csrf-token": person.csrf, "content-type": type })
    .send(content);
}
const fetchAs = async (account: string, path: string, headers: Record<string, string> = {}) =>
  request(bench.server)
    .get(path)
    .set({ cookie: (await bench.as(account)).cookie, ...headers })
    .buffer()
    .parse((stream, done) => {
      const chunks: Buffer[] = [];
      stream.on("data", (chunk: Buffer) => chunks.push(chunk));
      stream.on("end", () => done(null, Buffer.concat(chunks)));
    });
const bind = async (account: string, ids: string[], instanceId = caseId) =>
  (await bench.as(account)).post(`/api/instances/${instanceId}/attachments`, { attachmentIds: ids });
const scanning = (scanner: AttachmentRoom["scanner"]): AttachmentRoom => ({ ...bench.runtime.attachments, scanner });

describe("an upload", () => {
  it("is kept under its hash, and the same content once", async () => {
    const first = await upload("wang", "依据 文件.pdf", pdf);
    expect(first.status, first.text).toBe(201);
    expect(first.body).toMatchObject({
      name: "依据 文件.pdf",
      media: "application/pdf",
      bytes: pdf.length,
      sha256,
      scan: "notScanned",
      preview: "pdf",
    });
    const second = await upload("zhao", "again.pdf", pdf);
    expect(second.body.sha256).toBe(sha256);
    const [row] = await bench.runtime.store.read("SELECT COUNT(*) AS n FROM attachment WHERE sha256 = ?", [sha256]);
    expect(Number(row?.["n"])).toBe(2);
  });

  it("cannot leave its folder by its name", async () => {
    const answer = await upload("wang", "../../../escape.pdf", pdf);
    expect(answer.body.name).toBe("escape.pdf");
  });

  it.each([
    ["too large", "a.pdf", Buffer.alloc(20 * 1024 * 1024 + 1), 413, "ATTACHMENT_TOO_LARGE"],
    ["a name that promises something else", "a.pdf", png, 422, "ATTACHMENT_MISMATCH"],
    ["a kind that is not on the list", "a.svg", Buffer.from("<svg/>"), 422, "ATTACHMENT_KIND"],
    ["a name of nothing", "..", pdf, 422, "ATTACHMENT_NAME"],
  ])("is refused for %s, and leaves nothing behind", async (_what, name, content, status, code) => {
    const before = await bench.runtime.store.read("SELECT id FROM attachment");
    const answer = await upload("wang", name, content);
    expect([answer.status, answer.body.code]).toEqual([status, code]);
    expect(await bench.runtime.store.read("SELECT id FROM attachment")).toEqual(before);
  });

  it("is refused where the content is not sent as it is", async () => {
    const answer = await upload("wang", "a.pdf", Buffer.from("{}"), "application/json");
    expect([answer.status, answer.body.code]).toEqual([422, "UPLOAD_NOT_RAW"]);
  });

  it("is cut off at the limit even when its length was not announced", async () => {
    expect(await bench.runtime.attachments.files.receive(Readable.from([pdf]), 10)).toBeNull();
  });
});

describe("who may read it", () => {
  it("is the uploader alone until it is bound, and then whoever may see the case", async () => {
    const { id } = (await upload("wang", "a.pdf", pdf)).body;
    expect((await fetchAs("wang", `/api/attachments/${id}`)).status).toBe(200);
    expect((await fetchAs("chen", `/api/attachments/${id}`)).status).toBe(404);
    expect((await bind("liu", [id])).status).toBe(422);
    const bound = await bind("wang", [id]);
    expect(bound.body.items.map((item: { id: string }) => item.id)).toContain(id);
    expect((await fetchAs("liu", `/api/attachments/${id}`)).status).toBe(200);
    expect((await fetchAs("lin", `/api/attachments/${id}`)).status).toBe(404);
    const history = await (await bench.as("wang")).get(`/api/instances/${caseId}`);
    expect(JSON.stringify(history.body.history)).toContain("添加附件“a.pdf”");
  });

  it("may not bind it twice, nor remove it once it is bound", async () => {
    const { id } = (await upload("wang", "a.pdf", pdf)).body;
    expect((await bind("wang", [id])).status).toBe(200);
    expect((await bind("wang", [id])).status).toBe(422);
    const person = await bench.as("wang");
    const removed = await request(bench.server)
      .delete(`/api/attachments/${id}`)
      .set({ cookie: person.cookie, "x-csrf-token": person.csrf });
    expect(removed.status).toBe(404);
  });
});

describe("what is sent", () => {
  it("runs nowhere, is sniffed by nobody, and is kept by the reader alone", async () => {
    const { id } = (await upload("wang", "表 1.pdf", pdf)).body;
    const answer = await fetchAs("wang", `/api/attachments/${id}`);
    expect(answer.body).toEqual(pdf);
    expect(answer.headers).toMatchObject({
      "content-type": "application/pdf",
      "content-disposition": expect.stringMatching(/^attachment; .*filename\*=UTF-8''%E8%A1%A8%201\.pdf/),
      "x-content-type-options": "nosniff",
      "content-security-policy": expect.stringContaining("sandbox"),
      "cache-control": "private, no-cache",
      etag: `"${sha256}"`,
    });
    expect((await fetchAs("wang", `/api/attachments/${id}`, { "if-none-match": `"${sha256}"` })).status).toBe(304);
    const part = await fetchAs("wang", `/api/attachments/${id}`, { range: "bytes=1-3" });
    expect([part.status, part.body.toString(), part.headers["content-range"]]).toEqual([
      206,
      "PDF",
      `bytes 1-3/${pdf.length}`,
    ]);
    expect((await fetchAs("wang", `/api/attachments/${id}`, { range: "bytes=9999-" })).status).toBe(416);
  });

  it("is shown in the browser only as an image or a PDF", async () => {
    const picture = (await upload("wang", "a.png", png)).body;
    const shown = await fetchAs("wang", `/api/attachments/${picture.id}/preview`);
    expect([shown.status, shown.headers["content-type"], shown.headers["content-disposition"]]).toEqual([
      200,
      "image/png",
      'inline; filename="a.png"',
    ]);
    const text = (await upload("wang", "a.txt", Buffer.from("<script>alert(1)</script>"))).body;
    expect((await fetchAs("wang", `/api/attachments/${text.id}/preview`)).status).toBe(409);
    const saved = await fetchAs("wang", `/api/attachments/${text.id}`);
    expect([saved.headers["content-type"], saved.headers["content-disposition"]]).toEqual([
      "text/plain",
      'attachment; filename="a.txt"',
    ]);
  });
});

describe("the scan", () => {
  it("keeps a file from others until it is found clean", async () => {
    const { id } = (await upload("wang", "a.txt", Buffer.from("clean content"))).body;
    await bench.runtime.store.transaction((tx) =>
      tx.execute("UPDATE attachment SET scan = 'pending' WHERE id = ?", [id]),
    );
    await bind("wang", [id]);
    expect((await fetchAs("wang", `/api/attachments/${id}`)).status).toBe(200);
    expect((await fetchAs("liu", `/api/attachments/${id}`)).status).toBe(409);
    await expect(scanPending(scanning(async () => Promise.reject(new Error("down"))))).rejects.toThrow("down");
    expect((await fetchAs("liu", `/api/attachments/${id}`)).status).toBe(409);
    const scanned = await scanPending(
      scanning(async (content) => ((await content.toArray()).join("") === "clean content" ? "clean" : "infected")),
    );
    expect(scanned).toBe(1);
    expect((await fetchAs("liu", `/api/attachments/${id}`)).status).toBe(200);
  });

  it("puts what is harmful into quarantine, for its uploader, too", async () => {
    const { id, sha256: hash } = (await upload("wang", "a.txt", Buffer.from("EICAR"))).body;
    await bench.runtime.store.transaction((tx) =>
      tx.execute("UPDATE attachment SET scan = 'pending' WHERE id = ?", [id]),
    );
    await scanPending(
      scanning(async (content) => {
        await content.toArray();
        return "infected";
      }),
    );
    const answer = await fetchAs("wang", `/api/attachments/${id}`);
    expect(answer.status).toBe(409);
    expect(await bench.runtime.attachments.files.read(hash, null)).toBeNull();
    expect((await bind("wang", [id])).status).toBe(422);
  });
});

describe("what nobody needs any more", () => {
  it("is swept after a day where it was bound to nothing, unless a draft names it", async () => {
    const content = Buffer.from("only here");
    const gone = (await upload("wang", "gone.txt", content)).body;
    const kept = (await upload("wang", "kept.txt", Buffer.from("named by a draft"))).body;
    await bench.runtime.store.transaction((tx) =>
      tx.insert("draft", {
        id: "u-wang:x",
        person_id: "u-wang",
        place: "x",
        instance_id: null,
        task_id: null,
        content: JSON.stringify({ file: kept.id }),
        rev: 1,
        writer: "t",
        updated_at: bench.runtime.clock.now(),
      }),
    );
    const tomorrow = new Date(Date.parse(bench.runtime.clock.now()) + 25 * 3_600_000).toISOString();
    const room = { ...bench.runtime.attachments, clock: { now: () => tomorrow } };
    await sweepUnbound(room);
    expect((await fetchAs("wang", `/api/attachments/${gone.id}`)).status).toBe(404);
    expect(await room.files.check(gone.sha256)).toBe("missing");
    expect((await fetchAs("wang", `/api/attachments/${kept.id}`)).status).toBe(200);
  });

  it("goes with the data of its case, but not while another case holds the same content", async () => {
    const other = (await bench.apply()).instanceId;
    const shared = Buffer.from("in two cases");
    const own = Buffer.from("in one case");
    const ids = [(await upload("wang", "1.txt", shared)).body, (await upload("wang", "2.txt", own)).body];
    await bind(
      "wang",
      ids.map(({ id }) => id),
      other,
    );
    const elsewhere = (await upload("wang", "3.txt", shared)).body;
    await bind("wang", [elsewhere.id]);
    const { store, clock, content, attachments } = bench.runtime;
    await store.transaction((tx) =>
      tx.execute("UPDATE instance SET status = 'cancelled', ended_at = ? WHERE id = ?", [clock.now(), other]),
    );
    await deleteCase({ store, clock, retention: content.retention, files: attachments.files }, other, "test", {
      kind: "system",
      name: "system",
    });
    expect(await attachments.files.check(ids[1]?.sha256)).toBe("missing");
    expect(await attachments.files.check(elsewhere.sha256)).toBe("sound");
  });
});

it("the audit finds a file that was altered and one that is gone", async () => {
  const kept = async (name: string, content: string) => {
    const answer = await upload("wang", name, Buffer.from(content));
    expect(answer.status, answer.text).toBe(201);
    return answer.body;
  };
  const [altered, gone] = [await kept("altered.txt", "as it was"), await kept("gone.txt", "here and gone")];
  const { store, attachments } = bench.runtime;
  const root = join(bench.folder, "attachments");
  const place = (hash: string) => join(root, hash.slice(0, 2), hash.slice(2, 4), hash);
  expect(existsSync(dirname(place(altered.sha256)))).toBe(true);
  writeFileSync(place(altered.sha256), "as it never was");
  await attachments.files.remove(gone.sha256, async () => false);
  expect(await verifyAttachments(store, attachments.files)).toEqual(
    expect.arrayContaining([
      { attachment: altered.id, problem: "altered" },
      { attachment: gone.id, problem: "missing" },
    ]),
  );
  expect(readdirSync(join(root, "incoming"))).toEqual([]);
});
