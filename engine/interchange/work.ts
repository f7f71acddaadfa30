import { textOf } from "../model/moddle-element.ts";
import { rewrite, type Book } from "./book.ts";
import { sayInFeel } from "./expressions.ts";
import { outline, type Site, type Told } from "./foreign.ts";

const worker = {
  zh: "代码不在引擎中运行；此环节成为一个作业（topic），请编写处理程序领取它，或改用 FEEL",
  en: "no code runs in the engine; the step became a job of its topic: let a worker take it, or say it in FEEL",
};
const decision = {
  zh: "决策表不随流程导入；此环节成为一个作业，请用 jieli:expression（FEEL）写出结论或编写处理程序",
  en: "the decision is not imported with the process; the step became a job: give the result as jieli:expression (FEEL), or let a worker take it",
};
const configured = {
  zh: "处理程序的配置没有对应物；请在处理程序中设定，或用变量传递",
  en: "settings of the handler have no counterpart; set them in the worker, or hand them over as variables",
};
const scripted = {
  zh: "脚本会在引擎中运行，不接受；脚本任务已改为服务任务（作业），请改写为 FEEL 或编写处理程序",
  en: "a script would run in the engine and is not accepted; the task became a service task (a job): write it in FEEL, or let a worker take it",
};
const connector = {
  zh: "连接器由原引擎提供，这里没有；此环节成为一个作业，请编写处理程序",
  en: "the connector is part of the other engine; the step became a job: let a worker take it",
};
const messageOnly = {
  zh: "消息由引擎直接发出，不经过处理程序；请核对是否还需要一个服务任务",
  en: "the engine sends the message itself, without a worker; see whether a service task is needed besides",
};

/** What a step does by itself: jobs of a topic are translated, code and connectors are listed. */
export function translateWork(site: Site, book: Book): void {
  const { element } = site;
  if (element.$type === "bpmn:ScriptTask") return translateScript(site, book);
  const isTask = ["bpmn:ServiceTask", "bpmn:SendTask", "bpmn:BusinessRuleTask"].some((type) => element.$type === type);
  const isThrown = element.$type === "bpmn:MessageEventDefinition" || element.$instanceOf("bpmn:ThrowEvent");
  if (!isTask && !isThrown) return;
  const result = site.foreign.attribute("resultVariable") ?? site.foreign.attribute("resultVariableName");
  if (!translateDecision(site, book, result)) if (result) book.left(site, result, configured);
  for (const [name, why] of codeAttributes) {
    const told = site.foreign.attribute(name);
    if (told) book.left(site, told, why);
  }
  for (const [name, why] of codeElements)
    for (const found of site.foreign.elements(name)) book.left(site, { place: found.place, was: outline(found) }, why);
  const topic = topicOf(site, book);
  if (topic && isTask) setTopic(site, book, topic);
  else if (topic) book.left(site, topic, messageOnly);
  if (topic && element["messageRef"]) book.stays(site, topic, messageOnly);
}

const codeAttributes = [
  ["class", worker],
  ["delegateExpression", worker],
  ["expression", worker],
  ["triggerable", configured],
  ["skipExpression", configured],
  ["parallelInSameTransaction", configured],
] as const;
const codeElements = [
  ["connector", connector],
  ["field", configured],
  ["taskHeaders", configured],
  ["linkedResources", configured],
  ["errorEventDefinition", configured],
] as const;

/** Topic of an external job, in the words of either engine. */
function topicOf(site: Site, book: Book): Told | null {
  const { foreign } = site;
  const definition = foreign.part("taskDefinition");
  const retries = definition?.attribute("retries");
  if (retries) book.needs(retries.place);
  if (definition) return definition.attribute("type");
  const [type, topic] = [foreign.attribute("type"), foreign.attribute("topic")];
  if (type && type.was !== "external" && type.was !== "external-worker") {
    if (topic) book.left(site, topic, configured);
    return type;
  }
  if (type) book.needs(`${type.place}="${type.was}"`);
  return topic;
}

/** Kinds of service that the other engine itself provides. */
const builtIn = /^(mail|http|dmn|camel|shell|mule|send-event|case|register-channel|io\.camunda[:.].*)$/;

function setTopic(site: Site, book: Book, told: Told): void {
  if (builtIn.test(told.was)) return book.left(site, told, connector);
  const said = sayInFeel(told.was, book.dialect);
  if (said.type !== "text")
    return book.left(site, told, {
      zh: "topic 必须是固定的名称；请在属性面板中填写",
      en: "a topic is a fixed name; write it in the properties panel",
    });
  site.element.set("jieli:topic", said.text);
  book.became(site, told, `jieli:topic="${said.text}"`);
}

/** An expression whose value is the result becomes `jieli:expression`; a decision is listed. True where it took the result variable. */
function translateDecision(site: Site, book: Book, result: Told | null): boolean {
  const { element, foreign } = site;
  for (const called of foreign.elements("calledDecision"))
    book.left(site, { place: called.place, was: outline(called) }, decision);
  for (const name of [
    "decisionRef",
    "decisionRefBinding",
    "decisionRefVersion",
    "decisionRefVersionTag",
    "mapDecisionResult",
    "decisionTaskThrowErrorOnNoHits",
    "rules",
    "ruleVariablesInput",
  ]) {
    const told = foreign.attribute(name);
    if (told) book.left(site, told, decision);
  }
  if (element.$type !== "bpmn:BusinessRuleTask") return false;
  const expression = foreign.attribute("expression");
  if (!expression) return false;
  const feel = book.inFeel(site, expression, (text) => text);
  if (feel === null) return false;
  element.set("jieli:expression", feel);
  book.became(site, expression, `jieli:expression="${feel}"`);
  if (result) nameResult(site, book, result);
  return true;
}

function nameResult(site: Site, book: Book, told: Told): void {
  site.element.set("jieli:resultVariable", told.was);
  book.became(site, told, `jieli:resultVariable="${told.was}"`);
}

/** A script task: FEEL and what becomes FEEL stays one; anything else becomes a job, so that nothing of it is skipped. */
function translateScript(site: Site, book: Book): void {
  const { element, foreign } = site;
  const zeebe = foreign.part("script");
  const result = foreign.attribute("resultVariable") ?? zeebe?.attribute("resultVariable") ?? null;
  const language = textOf(element["scriptFormat"]);
  const own = { place: language === null ? "script" : `script (${language})`, was: textOf(element["script"]) ?? "" };
  const told = zeebe ? (zeebe.attribute("expression") ?? zeebe.whole()) : own;
  const said = sayInFeel(told.was, book.dialect);
  if (language !== null && /feel/i.test(language) && said.type === "text") {
    if (result) nameResult(site, book, result);
    return;
  }
  if (said.type === "feel" && (zeebe || language === null || /juel|feel/i.test(language))) {
    element.set("scriptFormat", "feel");
    element.set("script", said.source);
    book.became(site, told, said.source);
    if (result) nameResult(site, book, result);
    return;
  }
  becomeJob(
    site,
    book,
    said.type === "refused" && zeebe ? { told, why: rewrite(said.reason) } : { told, why: scripted },
  );
  if (result) book.left(site, result, configured);
}

function becomeJob(site: Site, book: Book, { told, why }: { told: Told; why: typeof scripted }): void {
  const { element, foreign } = site;
  element.set("scriptFormat", undefined);
  element.set("script", undefined);
  const resource = foreign.attribute("resource");
  if (told.was !== "" || !resource) book.left(site, told, why);
  if (resource) book.left(site, resource, scripted);
  const topic = topicOf(site, book);
  if (topic) setTopic(site, book, topic);
  if (!textOf(element["topic"])) element.set("jieli:topic", element.id ?? "");
  book.jobs.push(element);
}
