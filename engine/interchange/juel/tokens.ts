import { NotTranslatable } from "./not-translatable.ts";

/** A word, number, text or sign of the expression language of Camunda 7 and Flowable (Jakarta Expression Language 2.2, §1.19). */
export type Token =
  | { readonly type: "name"; readonly text: string }
  | { readonly type: "number"; readonly text: string }
  | { readonly type: "text"; readonly text: string }
  | { readonly type: "sign"; readonly text: string }
  | { readonly type: "end"; readonly text: "" };

const signs = ["&&", "||", "==", "!=", "<=", ">=", ..."< > ! ? : + - * / % ( ) [ ] . ,".split(" ")];
/** Operators that are written as words. */
const words: Readonly<Record<string, string>> = {
  and: "&&",
  or: "||",
  not: "!",
  eq: "==",
  ne: "!=",
  lt: "<",
  gt: ">",
  le: "<=",
  ge: ">=",
  div: "/",
  mod: "%",
};

/** Cuts the inside of `${…}` into tokens. Throws `NotTranslatable` for a sign that the language does not have. */
export function tokensOf(source: string): readonly Token[] {
  const tokens: Token[] = [];
  for (let at = 0; at < source.length;) {
    const rest = source.slice(at);
    const space = /^\s+/.exec(rest)?.[0];
    if (space !== undefined) {
      at += space.length;
      continue;
    }
    const { token, length } = nextToken(rest);
    tokens.push(token);
    at += length;
  }
  return [...tokens, { type: "end", text: "" }];
}

function nextToken(rest: string): { readonly token: Token; readonly length: number } {
  const number = /^(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?/.exec(rest)?.[0];
  if (number !== undefined) return { token: { type: "number", text: number }, length: number.length };
  const name = /^[\p{L}_$][\p{L}\p{N}_$]*/u.exec(rest)?.[0];
  if (name !== undefined) return { token: nameOrOperator(name), length: name.length };
  if (rest.startsWith("'") || rest.startsWith('"')) return quoted(rest);
  const sign = signs.find((candidate) => rest.startsWith(candidate));
  if (sign === undefined)
    throw new NotTranslatable(`无法识别“${rest.slice(0, 12)}”`, `“${rest.slice(0, 12)}” is not read`);
  return { token: { type: "sign", text: sign }, length: sign.length };
}

function nameOrOperator(name: string): Token {
  const operator = Object.hasOwn(words, name) ? words[name] : undefined;
  return operator === undefined ? { type: "name", text: name } : { type: "sign", text: operator };
}

/** A text in either quote; a backslash takes the next character as it is. */
function quoted(rest: string): { readonly token: Token; readonly length: number } {
  const quote = rest[0];
  let text = "";
  for (let at = 1; at < rest.length; at += 1) {
    if (rest[at] === quote) return { token: { type: "text", text }, length: at + 1 };
    if (rest[at] === "\\") at += 1;
    text += rest[at] ?? "";
  }
  throw new NotTranslatable("文字的引号没有结束", "a text has no closing quote");
}
