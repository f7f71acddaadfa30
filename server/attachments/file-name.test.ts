import { describe, expect, it } from "vitest";
import { cleanFileName, endingOf } from "./file-name.ts";

describe("the name of an uploaded file", () => {
  it.each([
    ["a Chinese name stays as typed", "申请材料（一）.pdf", "申请材料（一）.pdf"],
    ["folders above it are cut off", "../../etc/passwd", "passwd"],
    ["so are those of Windows", "C:\\fakepath\\表.xlsx", "表.xlsx"],
    ["marks that turn the direction of text go", "invoice\u202Efdp.exe", "invoicefdp.exe"],
    ["control characters and line ends go", "a\u0000b\r\nX-Header: 1.pdf", "abX-Header_ 1.pdf"],
    [
      "what a browser could take for a tag does not stay",
      "<img src=x onerror=alert(1)>.png",
      "_img src=x onerror=alert(1)_.png",
    ],
    ["it is no hidden file", ".htaccess", "htaccess"],
    ["dots and spaces at the end go", "a.pdf. . ", "a.pdf"],
  ])("%s", (_what, typed, cleaned) => {
    expect(cleanFileName(typed)).toBe(cleaned);
  });

  it.each(["..", "/", "\u202E\u200B", " . "])("is refused when nothing is left of it: %j", (typed) => {
    expect(cleanFileName(typed)).toBeNull();
  });

  it("keeps its ending when it is cut to 200 characters", () => {
    const cleaned = cleanFileName(`${"长".repeat(300)}.PDF`) ?? "";
    expect(Array.from(cleaned)).toHaveLength(200);
    expect(endingOf(cleaned)).toBe("pdf");
  });
});
