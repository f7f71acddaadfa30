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

/** Refuses a delivery that does not say in which way, for files neither how many rows nor which hash, or what is no address. Throws 422 `DELIVERY_INCOMPLETE`. */
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
  const healthUrl = values["healthUrl"];
  if (healthUrl !== undefined && (typeof healthUrl !== "string" || !isCallable(healthUrl)))
    lacks.push({
      field: "healthUrl",
      zh: "探测地址应为不含用户名的 http(s) 地址，不超过 500 字",
      en: "the health address is an http(s) address without a user, of 500 characters at most",
    });
  if (lacks.length === 0) return;
  throw new RuntimeProblem(
    422,
    "DELIVERY_INCOMPLETE",
    { zh: "提供情况有以下需要补充之处，未作任何处理", en: "The delivery lacks the following; nothing was done" },
    { zh: "请补充后再提交", en: "Complete it and send again" },
    lacks.map(({ field, zh, en }) => ({ code: "DELIVERY_INCOMPLETE", place: `form.${field}`, message: { zh, en } })),
  );
}

function isCallable(address: string): boolean {
  const url = URL.canParse(address) ? new URL(address) : null;
  return (
    url !== null && /^https?:$/.test(url.protocol) && `${url.username}${url.password}` === "" && address.length <= 500
  );
}
