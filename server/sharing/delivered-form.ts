import { z } from "zod";
import type { Variables } from "../../engine/expressions/json.ts";
import { RuntimeProblem } from "../runtime/errors.ts";

const day = z.iso.date();
const fileModes: ReadonlySet<string> = new Set(["batch", "file"]);

interface Lack {
  readonly field: string;
  readonly zh: string;
  readonly en: string;
}

/** Refuses a delivery that does not say in which way, or for files neither how many rows nor which hash. Throws 422 `DELIVERY_INCOMPLETE`. */
export function requireDelivered(values: Variables): void {
  const lacks: Lack[] = [];
  const mode = values["deliveryMode"];
  if (typeof mode !== "string")
    lacks.push({ field: "deliveryMode", zh: "请选择实际提供方式", en: "choose how it was delivered" });
  if (
    typeof mode === "string" &&
    fileModes.has(mode) &&
    values["rowCount"] === undefined &&
    values["fileHash"] === undefined
  )
    lacks.push({
      field: "rowCount",
      zh: "批量或文件提供须填写行数或文件哈希，供对方核对",
      en: "a batch or file needs its row count or hash, for the receiver to compare",
    });
  for (const field of ["periodFrom", "periodTo"])
    if (values[field] !== undefined && !day.safeParse(values[field]).success)
      lacks.push({ field, zh: "日期应写作 年-月-日", en: "the day is written YYYY-MM-DD" });
  if (lacks.length === 0) return;
  throw new RuntimeProblem(
    422,
    "DELIVERY_INCOMPLETE",
    { zh: "提供情况有以下需要补充之处，未作任何处理", en: "The delivery lacks the following; nothing was done" },
    { zh: "请补充后再提交", en: "Complete it and send again" },
    lacks.map(({ field, zh, en }) => ({ code: "DELIVERY_INCOMPLETE", place: `form.${field}`, message: { zh, en } })),
  );
}
