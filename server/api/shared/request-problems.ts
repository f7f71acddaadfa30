import type { z } from "zod";
import type { Bilingual } from "./common.schema.ts";

type Issue = z.core.$ZodIssue;

/** What people know the parts of a request by; a part that is not here is named by its place. */
const names: Readonly<Record<string, Bilingual>> = {
  reason: { zh: "理由", en: "reason" },
  opinion: { zh: "意见", en: "opinion" },
  note: { zh: "说明", en: "note" },
  lacking: { zh: "不足之处", en: "account of what lacked" },
  score: { zh: "评分", en: "score" },
  endsOn: { zh: "截止日期", en: "end date" },
  from: { zh: "开始时间", en: "beginning" },
  until: { zh: "结束时间", en: "end" },
  items: { zh: "数据项", en: "data items" },
  email: { zh: "邮箱", en: "mail address" },
  name: { zh: "名称", en: "name" },
  url: { zh: "地址", en: "address" },
  secret: { zh: "密钥", en: "secret" },
  question: { zh: "问题", en: "question" },
  answer: { zh: "答复", en: "answer" },
  body: { zh: "内容", en: "text" },
};

const kinds: Readonly<Record<string, Bilingual>> = {
  number: { zh: "数字", en: "a number" },
  int: { zh: "整数", en: "a whole number" },
  string: { zh: "文字", en: "text" },
  boolean: { zh: "是或否", en: "true or false" },
  array: { zh: "列表", en: "a list" },
  object: { zh: "对象", en: "an object" },
};

const formats: Readonly<Record<string, Bilingual>> = {
  date: { zh: "有效日期（年-月-日）", en: "a date (YYYY-MM-DD)" },
  datetime: { zh: "有效时间（ISO 8601）", en: "an instant (ISO 8601)" },
  email: { zh: "有效的邮箱地址", en: "a mail address" },
  url: { zh: "有效的网址", en: "an address of the web" },
};

/** Everything that is wrong with a part of a request, in both languages, each at its place. */
export function requestProblems(error: z.ZodError, where: string) {
  return error.issues.map((issue) => ({
    code: issue.code.toUpperCase(),
    place: `${where}.${issue.path.join(".")}`,
    message: messageOf(issue),
  }));
}

/** Said of `{ zh: "“理由”…", en: "The reason …" }`: the whole of what a person has to know to mend it. */
function messageOf(issue: Issue): Bilingual {
  const { zh, en, of } = subjectOf(issue);
  switch (issue.code) {
    case "invalid_type":
      if (issue.input === undefined || issue.input === null) return { zh: `请填写“${zh}”`, en: `Fill in ${of}` };
      return must({ zh, en, of }, kinds[issue.expected]);
    case "too_small":
      return tooSmall(issue, { zh, en, of });
    case "too_big":
      return tooBig(issue, { zh, en, of });
    case "invalid_format":
      if (issue.input === "")
        return ["date", "datetime"].includes(issue.format)
          ? { zh: `请选择“${zh}”`, en: `Choose ${of}` }
          : { zh: `请填写“${zh}”`, en: `Fill in ${of}` };
      return must({ zh, en, of }, formats[issue.format]);
    case "invalid_value": {
      const values = issue.values.map(String);
      return { zh: `“${zh}”须为 ${values.join("、")} 之一`, en: `${en} is one of ${values.join(", ")}` };
    }
    case "unrecognized_keys":
      return { zh: `不认识的内容：${issue.keys.join("、")}`, en: `Not known here: ${issue.keys.join(", ")}` };
    case "custom":
      return ownWords(issue, zh);
    default:
      return must({ zh, en, of }, undefined);
  }
}

/** `to` is a person here and a day there: what is asked for tells which. */
function subjectOf(issue: Issue): Subject {
  const isDay = issue.code === "invalid_format" && issue.format === "date" && issue.path.length === 1;
  return isDay && !(String(issue.path[0]) in names)
    ? { zh: "日期", en: "The day", of: "the day" }
    : subject(issue.path);
}

interface Subject extends Bilingual {
  /** In the middle of an English sentence. */
  readonly of: string;
}

/** A part of the request by its name; within a list, by its place. */
function subject(path: Issue["path"]): Subject {
  const named = path.length === 1 ? names[String(path[0])] : undefined;
  if (named) return { zh: named.zh, en: `The ${named.en}`, of: `the ${named.en}` };
  const place = path.length === 0 ? "body" : path.join(".");
  return { zh: place, en: `“${place}”`, of: `“${place}”` };
}

function must({ zh, en }: Subject, what: Bilingual | undefined): Bilingual {
  return what
    ? { zh: `“${zh}”须为${what.zh}`, en: `${en} has to be ${what.en}` }
    : { zh: `“${zh}”不符合要求`, en: `${en} is not as it has to be` };
}

function tooSmall({ minimum, origin, input }: z.core.$ZodIssueTooSmall, { zh, en, of }: Subject): Bilingual {
  if (origin === "string")
    return input === "" || String(input).trim() === "" || minimum === 1
      ? { zh: `请填写“${zh}”`, en: `Fill in ${of}` }
      : { zh: `“${zh}”至少 ${minimum} 个字`, en: `${en} has at least ${minimum} characters` };
  if (origin === "array") return { zh: `“${zh}”至少 ${minimum} 项`, en: `${en}: ${minimum} at least` };
  return { zh: `“${zh}”不小于 ${minimum}`, en: `${en} is ${minimum} or more` };
}

function tooBig({ maximum, origin }: z.core.$ZodIssueTooBig, { zh, en }: Subject): Bilingual {
  if (origin === "string") return { zh: `“${zh}”至多 ${maximum} 个字`, en: `${en} has at most ${maximum} characters` };
  if (origin === "array") return { zh: `“${zh}”至多 ${maximum} 项`, en: `${en}: ${maximum} at most` };
  return { zh: `“${zh}”不大于 ${maximum}`, en: `${en} is ${maximum} or less` };
}

/** A rule of our own brings its Chinese words along, as `params: { zh }`. */
function ownWords({ message, params }: z.core.$ZodIssueCustom, zh: string): Bilingual {
  const own: unknown = params?.["zh"];
  return { zh: typeof own === "string" ? own : `“${zh}”不符合要求`, en: message };
}
