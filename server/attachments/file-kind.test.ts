import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { packageRoot } from "../content/package-root.ts";
import { loadContent } from "../content/load-content.ts";
import { pdf, png, zipOf } from "../../test/support/files.ts";
import { kindOfFile } from "./file-kind.ts";

const folder = mkdtempSync(join(tmpdir(), "jieli-kinds-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const rules = (await loadContent(join(packageRoot(), "processes"))).talk.attachments;

async function kindOf(name: string, content: Uint8Array | string): Promise<string> {
  const path = join(folder, "file");
  writeFileSync(path, content);
  return (await kindOfFile(path, name, rules)).media;
}

describe("the kind of a file", () => {
  it.each([
    ["a.pdf", pdf, "application/pdf"],
    ["a.PNG", png, "image/png"],
    ["公文.ofd", zipOf("OFD.xml"), "application/ofd"],
    ["a.zip", zipOf("a.txt"), "application/zip"],
    ["表.csv", "编号,名称\n1,甲\n", "text/csv"],
    ["gb18030.txt", Uint8Array.of(0xd6, 0xd0, 0xce, 0xc4), "text/plain"],
  ])("%s is told by its content", async (name, content, media) => {
    expect(await kindOf(name, content)).toBe(media);
  });

  it.each([
    ["a picture that calls itself a document", "a.pdf", png, "image/png"],
    [
      "a program that calls itself a text",
      "a.txt",
      Uint8Array.of(0x4d, 0x5a, 0x90, 0, 3, 0, 0, 0),
      "application/x-msdownload",
    ],
    ["an archive that calls itself OFD", "a.ofd", zipOf("a.txt"), "application/zip"],
    ["a text that calls itself a picture", "a.png", "<svg onload=alert(1)>", "text/plain"],
    ["an empty file", "a.txt", "", "no known kind"],
  ])("refuses %s, and says what was found", async (_what, name, content, found) => {
    await expect(kindOf(name, content)).rejects.toMatchObject({
      code: "ATTACHMENT_MISMATCH",
      detail: { en: expect.stringContaining(found) },
    });
  });

  it.each(["a.svg", "a.html", "a.exe", "a.docm", "a.pdf.js", "a"])(
    "refuses %s whatever its content is",
    async (name) => {
      await expect(kindOf(name, pdf)).rejects.toMatchObject({ code: "ATTACHMENT_KIND" });
    },
  );
});
