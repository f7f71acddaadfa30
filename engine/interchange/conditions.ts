import { asElement, textOf } from "../model/moddle-element.ts";
import { rewrite, type Book } from "./book.ts";
import { fiveFields, isCronWithSeconds } from "./cron.ts";
import { sayInFeel } from "./expressions.ts";
import type { Site, Told } from "./foreign.ts";
import type { EditableElement } from "./tree.ts";

/**
 * Every expression in a place of BPMN's own: conditions, timers, cardinalities. One that cannot be said stays where it is, and
 * the checks refuse it there: a condition that is silently gone would be a wrong way.
 */
export function translateExpression(site: Site, book: Book): void {
  const { element } = site;
  if (!element.$instanceOf("bpmn:Expression")) return;
  const owner = element.$parent;
  const told: Told = { place: placeOf(element, owner), was: textOf(element["body"]) ?? "" };
  const resource = site.foreign.attribute("resource");
  if (resource) book.left(site, resource, outsideFile);
  if (told.was === "") return;
  const body =
    owner?.$type === "bpmn:TimerEventDefinition" ? timerText(site, told, book) : conditionText(site, told, book);
  if (body === null || body === told.was) return;
  element.set("body", body);
  if (textOf(element["language"])) element.set("language", undefined);
  book.became(site, told, body);
}

const outsideFile = {
  zh: "条件写在另一个文件中，无法读取；请在此用 FEEL 写出",
  en: "the condition stands in another file; write it here in FEEL",
};
const unlikeCounter = {
  zh: "原引擎在串行多实例中总把 nrOfActiveInstances 记为 1，这里不是；请改用 numberOfCompletedInstances",
  en: "in a sequential loop the other engine keeps nrOfActiveInstances at 1 and we do not; use numberOfCompletedInstances",
};
const otherLanguage = {
  zh: "条件的语言不是 FEEL；请在属性面板中用 FEEL 重写",
  en: "the condition is in another language than FEEL; write it anew in the properties panel",
};

/** `conditionExpression`, `timeCycle`: the name by which the owner holds it. */
function placeOf(element: EditableElement, owner: EditableElement | undefined): string {
  const found = Object.entries(owner ?? {}).find(([, value]) => value === element)?.[0];
  return found ?? element.$type;
}

function conditionText(site: Site, told: Told, book: Book): string | null {
  const loop = site.element.$parent;
  if (loop?.["isSequential"] === true && told.was.includes("nrOfActiveInstances")) {
    book.stays(site, told, unlikeCounter);
    return null;
  }
  const said = sayInFeel(told.was, book.dialect);
  const language = textOf(site.element["language"]);
  if (said.type === "text") {
    if (language !== null && !/feel|omg\.org/i.test(language)) book.stays(site, told, otherLanguage);
    return null;
  }
  if (said.type === "feel") return said.source;
  book.stays(site, told, rewrite(said.reason));
  return null;
}

/** ISO 8601 means the same everywhere; cron text has other fields; expressions become FEEL. */
function timerText(site: Site, told: Told, book: Book): string | null {
  const isCycle = asElement(site.element.$parent?.["timeCycle"]) === site.element;
  if (isCycle && isCronWithSeconds(told.was)) {
    const cron = fiveFields(told.was, book.dialect);
    if (cron.type === "cron") return cron.text;
    book.stays(site, told, {
      zh: `无法改写为五段 cron，因为${cron.reason.zh}；请改用 ISO 8601 循环或另写 cron`,
      en: `it cannot be said as cron text of five fields because ${cron.reason.en}; write an ISO 8601 cycle or other cron text`,
    });
    return null;
  }
  const said = sayInFeel(told.was, book.dialect);
  if (said.type === "text") return null;
  // A name that begins like ISO text would be read as such.
  if (said.type === "feel") return /^[RP\d*]/.test(said.source) ? `(${said.source})` : said.source;
  book.stays(site, told, rewrite(said.reason));
  return null;
}
