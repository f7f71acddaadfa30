import type { Destination } from "../../../engine/interchange/book.ts";
import { RuntimeProblem } from "../../runtime/errors.ts";
import { translateFile } from "../../runtime/file-check.ts";
import type { Imported } from "./definitions.schema.ts";

/** Translates a file of another engine, apart from the server's own thread. Throws a problem that names each fault of a file that the gate refuses. */
export async function importFile(xml: string, destination: Destination): Promise<Imported> {
  const result = await translateFile(xml, destination);
  if (result.type === "refused") {
    throw new RuntimeProblem(
      422,
      "IMPORT_REFUSED",
      { zh: "文件无法读取，未导入", en: "The file cannot be read and was not imported" },
      {
        zh: "请在原工具中更正列出的各处，再重新导入",
        en: "Correct each place in the tool that wrote it, and import again",
      },
      result.problems.map(({ code, element, message }) => ({ code, place: element, message })),
    );
  }
  const { xml: written, engines, translated, untranslated, forms } = result;
  return { xml: written, engines, translated, untranslated, forms };
}
