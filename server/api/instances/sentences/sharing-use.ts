import type { Bilingual } from "../../shared/common.schema.ts";
import { bilingualIn, type Payload, type Sentences } from "./sentence.ts";

const said = (value: unknown) => (typeof value === "string" && value !== "" ? value : null);

/** A sentence with the reason behind it, where there is one. */
const because = (zh: string, en: string, reason: unknown): Bilingual => {
  const given = said(reason);
  return given === null ? { zh, en } : { zh: `${zh}：${given}`, en: `${en}: ${given}` };
};

/** Texts in both languages that a line tells, one after the other. */
const told = (value: unknown): Bilingual => {
  const parts = (Array.isArray(value) ? value : []).filter(
    (part): part is Bilingual => typeof part === "object" && part !== null && "zh" in part && "en" in part,
  );
  return { zh: parts.map(({ zh }) => zh).join("；"), en: parts.map(({ en }) => en).join("; ") };
};

const modes: Readonly<Record<string, Bilingual>> = {
  verify: { zh: "核验接口", en: "verification API" },
  query: { zh: "查询接口", en: "query API" },
  batch: { zh: "批量交换", en: "batch exchange" },
  file: { zh: "文件下载", en: "file" },
  view: { zh: "在线查看", en: "online view" },
};
const modeOf = (payload: Payload): Bilingual =>
  modes[String(payload["mode"])] ?? { zh: String(payload["mode"]), en: String(payload["mode"]) };

/** What the line keeps by code, by the names that the history looked up. */
const namesOf = (payload: Payload, key: string): Bilingual => {
  const names = payload[`${key}Names`];
  const known = (Array.isArray(names) ? names : []).filter(
    (name): name is Bilingual => typeof name === "object" && name !== null && "zh" in name && "en" in name,
  );
  return { zh: known.map(({ zh }) => zh).join("、"), en: known.map(({ en }) => en).join(", ") };
};
const organisationIn = (payload: Payload): Bilingual => {
  const id = String(payload["organisation"]);
  return bilingualIn(payload, "organisationName") ?? { zh: id, en: id };
};

const endings: Readonly<Record<string, Bilingual>> = {
  term: { zh: "期限届满，访问由系统终止", en: "the term is over; access was ended by the system" },
  released: { zh: "使用方提前停止使用", en: "the receiver gave the access up" },
  ruling: { zh: "经处理决定终止访问", en: "access was terminated by the ruling" },
  service: { zh: "提供方终止服务（已备案）", en: "the provider ended the service, as filed" },
  authority: { zh: "主管部门撤销授权", en: "the authority revoked the access" },
  provider: { zh: "提供方在中止期间撤销授权", en: "the provider revoked the suspended access" },
};
const ending = (payload: Payload) => {
  const known = endings[String(payload["because"])] ?? { zh: "访问终止", en: "access ended" };
  return because(known.zh, known.en, payload["reason"]);
};

/** The first characters of the hash are enough to compare by eye. */
const hashOf = (payload: Payload, word: string) => {
  const file = payload["file"];
  const hash = typeof file === "object" && file !== null && "sha256" in file ? file.sha256 : null;
  return typeof hash === "string" ? `${word}${hash.slice(0, 12)}…` : "";
};

export const sharingUseSentences: Sentences = {
  "case.told": (payload) => {
    const name = bilingualIn(payload, "name") ?? { zh: "", en: "" };
    const [to, reason] = [said(payload["to"]), said(payload["reason"])];
    const zh = [to === null ? null : `至 ${to}`, reason].filter(Boolean).join("；");
    const en = [to === null ? null : `until ${to}`, reason].filter(Boolean).join("; ");
    return {
      zh: `提出“${name.zh}”${zh === "" ? "" : `：${zh}`}`,
      en: `handed in “${name.en}”${en === "" ? "" : `: ${en}`}`,
    };
  },
  "access.granted": (payload) => ({
    zh: `登记授权，尚待提供数据（至 ${said(payload["endsOn"]) ?? "不限期"}）`,
    en: `entered the grant; data are still to be delivered (until ${said(payload["endsOn"]) ?? "no end"})`,
  }),
  "delivery.made": (payload) => ({
    zh: `第 ${String(payload["number"])} 次提供数据（${modeOf(payload).zh}），等待验收`,
    en: `delivery no. ${String(payload["number"])} (${modeOf(payload).en}), to be tested by the receiver`,
  }),
  "delivery.atOnce": () => ({ zh: "应急提供，即时可用", en: "emergency delivery, in use at once" }),
  "delivery.tested": (payload) => ({
    zh: `第 ${String(payload["number"])} 次提供验收测试通过：${namesOf(payload, "items").zh}`,
    en: `delivery no. ${String(payload["number"])} passed the acceptance test: ${namesOf(payload, "items").en}`,
  }),
  "delivery.rejected": (payload) => {
    const found = told(payload["differences"]);
    const note = said(payload["note"]);
    return {
      zh: `第 ${String(payload["number"])} 次提供验收不通过，退回提供：${[found.zh, note].filter(Boolean).join("；")}`,
      en: `delivery no. ${String(payload["number"])} failed the acceptance test and goes back: ${[found.en, note].filter(Boolean).join("; ")}`,
    };
  },
  "delivery.accepted": (payload) =>
    payload["silent"] === true
      ? {
          zh: "逾期未提出异议，视为验收，授权生效",
          en: "nobody objected in time; taken as accepted, access is in force",
        }
      : { zh: "数据已提供并验收，授权生效", en: "the data were delivered and accepted; access is in force" },
  "use.supervised": () => ({ zh: "建立使用台账", en: "the use is supervised from now on" }),
  "use.exceeded": (payload) => {
    const found = told(payload["found"]);
    return { zh: `平台报告超范围使用：${found.zh}`, en: `the platform reported use beyond scope: ${found.en}` };
  },
  "access.unreachable": (payload) => ({
    zh: `接口连续 ${String(payload["failures"])} 次探测失败（${String(payload["error"])}），已通知双方`,
    en: `The access did not answer ${String(payload["failures"])} probes in a row (${String(payload["error"])}); both sides were told`,
  }),
  "access.reachable": () => ({ zh: "接口恢复可访问", en: "The access answers again" }),
  "access.suspended": (payload) => {
    const found = told(payload["found"]);
    return found.zh === ""
      ? because("中止访问", "suspended the access", payload["reason"])
      : {
          zh: `按规则立即中止访问：${found.zh}`,
          en: `access was suspended at once by rule: ${found.en}`,
        };
  },
  "access.restored": (payload) => because("恢复访问", "restored the access", payload["reason"]),
  "access.revoked": ending,
  "access.ended": ending,
  "access.switchedOff": (payload) =>
    because("确认已关闭访问", "confirmed that access is switched off", payload["note"]),
  "grant.endsSoon": (payload) => ({
    zh: `授权将于 ${String(payload["endsOn"])} 到期（还有 ${String(payload["days"])} 天）`,
    en: `the access ends on ${String(payload["endsOn"])} (in ${String(payload["days"])} days)`,
  }),
  "grant.switchOffLate": (payload) => ({
    zh: `访问已于 ${String(payload["endedOn"])} 终止，提供方逾期未确认关闭`,
    en: `the access ended on ${String(payload["endedOn"])}; the provider is late to confirm that it is switched off`,
  }),
  "grant.unused": () => ({
    zh: "验收后一直没有使用",
    en: "the access has not been used since its acceptance",
  }),
  "grant.renewed": (payload) => ({
    zh: `授权续期：${String(payload["before"])} → ${String(payload["endsOn"])}`,
    en: `the access was renewed: ${String(payload["before"])} → ${String(payload["endsOn"])}`,
  }),
  "grant.notRenewed": (payload) =>
    because(
      `续期未获同意，授权仍至 ${said(payload["endsOn"]) ?? "不限期"}`,
      `the renewal was refused; the access lasts until ${said(payload["endsOn"]) ?? "no end"}`,
      payload["reason"],
    ),
  "grant.narrowed": (payload) => {
    const without = namesOf(payload, "without");
    const zh = [
      without.zh === "" ? null : `不再提供 ${without.zh}`,
      `至 ${String(payload["endsOn"])}`,
      said(payload["reason"]),
    ];
    const en = [
      without.en === "" ? null : `without ${without.en}`,
      `until ${String(payload["endsOn"])}`,
      said(payload["reason"]),
    ];
    return {
      zh: `缩小授权范围：${zh.filter(Boolean).join("；")}`,
      en: `narrowed the access: ${en.filter(Boolean).join("; ")}`,
    };
  },
  "grant.rated": (payload) =>
    because(
      `${payload["phase"] === "ended" ? "使用结束后" : "验收后"}评价 ${String(payload["score"])} 分`,
      `rated ${String(payload["score"])} of 5 ${payload["phase"] === "ended" ? "after the end" : "after the acceptance"}`,
      payload["lacking"],
    ),
  "disposal.certified": (payload) => ({
    zh: `提交数据处置证明 ${String(payload["certificate"])}${hashOf(payload, "，文件 SHA-256 ")}`,
    en: `handed in the certificate of disposal ${String(payload["certificate"])}${hashOf(payload, ", file SHA-256 ")}`,
  }),
  "records.retained": (payload) => ({
    zh: `使用记录保存至 ${String(payload["keepUntil"])}`,
    en: `records of the use are kept until ${String(payload["keepUntil"])}`,
  }),
  "application.takenOver": (payload) => ({
    zh: `接续申请 ${String(payload["from"])}`,
    en: `took over the application ${String(payload["from"])}`,
  }),
  "provider.told": (payload) => ({
    zh: `已告知提供部门 ${organisationIn(payload).zh}`,
    en: `the provider ${organisationIn(payload).en} was told`,
  }),
  "holder.named": (payload) => ({
    zh: `登记持有部门 ${organisationIn(payload).zh}`,
    en: `${organisationIn(payload).en} was entered as the holder`,
  }),
  "catalogue.published": (payload) => ({
    zh: `发布目录“${String(payload["name"])}”`,
    en: `published the catalogue entry “${String(payload["name"])}”`,
  }),
  "catalogue.found": (payload) => ({
    zh: `目录“${String(payload["name"])}”已发布，继续办理`,
    en: `the entry “${String(payload["name"])}” is published; the case goes on`,
  }),
  "record.disputed": (payload) => ({
    zh: `标记记录存疑：${String(payload["record"])}`,
    en: `marked the record ${String(payload["record"])} as disputed`,
  }),
  "record.corrected": (payload) => ({
    zh: `更正记录，通知全部在用部门：${namesOf(payload, "users").zh}`,
    en: `corrected the record and told everyone who uses it: ${namesOf(payload, "users").en}`,
  }),
  "record.upheld": () => ({ zh: "核查无误，解除存疑标记", en: "upheld the record; it is disputed no more" }),
  "dispute.decided": (payload) => {
    const text = said(payload["text"]);
    return {
      zh: `争议 ${String(payload["dispute"])}：${payload["result"] === "share" ? "应予共享" : "维持不予共享"}${text === null ? "" : `。${text}`}`,
      en: `dispute ${String(payload["dispute"])}: ${payload["result"] === "share" ? "the data are to be shared" : "the refusal stands"}${text === null ? "" : `. ${text}`}`,
    };
  },
};
