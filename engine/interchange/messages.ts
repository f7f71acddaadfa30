import { textOf } from "../model/moddle-element.ts";
import type { Book } from "./book.ts";
import { rewrite } from "./book.ts";
import { sayInFeel } from "./expressions.ts";
import { outline, type Site, type Told } from "./foreign.ts";

const fixedName = {
  zh: "名称按字面使用，不求值；请改为固定名称，用 jieli:correlationKey 区分实例",
  en: "a name is taken as it is and not evaluated; use a fixed name, and tell instances apart by jieli:correlationKey",
};
const caughtData = {
  zh: "捕获时写入变量的做法没有对应物；抛出时的数据会成为变量，请按其名称读取",
  en: "there is no variable for what is caught; the data that are thrown become variables of their own names",
};
const filter = {
  zh: "条件事件在任何变量变化后都会检查，不能只限某些变量；请在条件中写明",
  en: "a condition is looked at after every change, not only that of certain variables; say it in the condition",
};

/** Names by which events find each other, where the element type has one. */
const names: Readonly<Record<string, string>> = {
  "bpmn:Message": "name",
  "bpmn:Signal": "name",
  "bpmn:Error": "errorCode",
  "bpmn:Escalation": "escalationCode",
};

/** Messages with their keys, and what stands on signals, errors, escalations and conditional events. */
export function translateEvents(site: Site, book: Book): void {
  const { element, foreign } = site;
  const property = names[element.$type];
  const name = property === undefined ? null : textOf(element[property]);
  if (property !== undefined && name !== null && sayInFeel(name, book.dialect).type !== "text")
    book.stays(site, { place: property, was: name }, fixedName);
  const subscription = foreign.part("subscription");
  const key = subscription?.attribute("correlationKey");
  if (key) correlate(site, book, key);
  for (const caught of ["errorCodeVariable", "errorMessageVariable", "escalationCodeVariable"]) {
    const told = foreign.attribute(caught);
    if (told) book.left(site, told, caughtData);
  }
  for (const narrowing of ["variableName", "variableEvents"]) {
    const told = foreign.attribute(narrowing);
    if (told) book.left(site, told, filter);
  }
  for (const conditional of foreign.elements("conditionalFilter"))
    book.left(site, { place: conditional.place, was: outline(conditional) }, filter);
}

function correlate(site: Site, book: Book, told: Told): void {
  const said = sayInFeel(told.was, book.dialect);
  if (said.type === "refused") return book.left(site, told, rewrite(said.reason));
  const source = said.type === "feel" ? said.source : JSON.stringify(said.text);
  site.element.set("jieli:correlationKey", source);
  book.became(site, told, `jieli:correlationKey="${source}"`);
}
