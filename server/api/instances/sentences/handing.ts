import type { Bilingual } from "../../shared/common.schema.ts";
import type { Payload, Sentences } from "./sentence.ts";

const asked: Readonly<Record<string, Bilingual>> = {
  delegated: { zh: "委派办理", en: "to prepare" },
  consult: { zh: "征询意见", en: "for an opinion on" },
  coHandle: { zh: "协办", en: "to help with" },
};

const named = (value: unknown): string =>
  typeof value === "object" && value !== null && "name" in value ? String(value.name) : "—";
const because = (payload: Payload): Bilingual => {
  const reason = typeof payload["reason"] === "string" ? payload["reason"] : "";
  return reason === "" ? { zh: "", en: "" } : { zh: `：${reason}`, en: `: ${reason}` };
};
const askedOf: Readonly<Record<string, (who: string, zh: string) => string>> = {
  delegated: (who, zh) => `将“${zh}”委派 ${who} 办理`,
  consult: (who, zh) => `就“${zh}”征询 ${who} 的意见`,
  coHandle: (who, zh) => `请 ${who} 协办“${zh}”`,
};
const kindOf = (payload: Payload): Bilingual => asked[String(payload["kind"])] ?? { zh: "征询", en: "about" };

export const handingSentences: Sentences = {
  "task.assigned": (payload, { zh, en }) => ({
    zh: `将“${zh}”指派给 ${named(payload["to"])}${because(payload).zh}`,
    en: `assigned “${en}” to ${named(payload["to"])}${because(payload).en}`,
  }),
  "task.transferred": (payload, { zh, en }) => ({
    zh: `将“${zh}”转办：${named(payload["from"])} → ${named(payload["to"])}（时限不重新计算）${because(payload).zh}`,
    en: `transferred “${en}”: ${named(payload["from"])} → ${named(payload["to"])} (the limit goes on)${because(payload).en}`,
  }),
  "task.handedOver": (payload, { zh, en }) => ({
    zh: `离职移交“${zh}”：${named(payload["from"])} → ${payload["to"] === null ? "候选人" : named(payload["to"])}${because(payload).zh}`,
    en: `handed over “${en}” of a leaver: ${named(payload["from"])} → ${payload["to"] === null ? "candidates" : named(payload["to"])}${because(payload).en}`,
  }),
  "task.freed": (payload, { zh, en }) => ({
    zh: `${named(payload["from"])} 已不能办理“${zh}”，任务退回候选人`,
    en: `${named(payload["from"])} can no longer act; “${en}” went back to its candidates`,
  }),
  "work.asked": (payload, { zh, en }) => ({
    zh: `${(askedOf[String(payload["kind"])] ?? ((who) => `就“${zh}”询问 ${who}`))(named(payload["to"]), zh)}：${String(payload["question"])}`,
    en: `asked ${named(payload["to"])} ${kindOf(payload).en} “${en}”: ${String(payload["question"])}`,
  }),
  "work.answered": (payload, { zh, en }) => ({
    zh: `答复“${zh}”（${kindOf(payload).zh}，不是决定）`,
    en: `answered on “${en}” (an opinion, no decision)`,
  }),
  "work.dismissed": (payload, { zh, en }) => ({
    zh: `撤回就“${zh}”向 ${String(payload["to"])} 的${kindOf(payload).zh}${because(payload).zh}`,
    en: `withdrew the request to ${String(payload["to"])} on “${en}”${because(payload).en}`,
  }),
};
