import { textOf } from "../model/moddle-element.ts";
import type { Book } from "./book.ts";
import { sayInFeel } from "./expressions.ts";
import { noBusinessKey, translateCallMappings } from "./call-mappings.ts";
import type { ForeignPart, Site, Told } from "./foreign.ts";

/** Which process a call activity calls, and which version of it. */
export function translateCall(site: Site, book: Book): void {
  if (!site.element.$instanceOf("bpmn:CallActivity")) return;
  const { foreign } = site;
  const zeebe = foreign.part("calledElement");
  const called = calledProcess(site, zeebe);
  if (called) nameProcess(site, book, called);
  translateCallMappings(site, book, zeebe);
  bind(site, book, zeebe?.attribute("bindingType") ?? null);
  bind(site, book, foreign.attribute("calledElementBinding"));
  for (const name of ["calledElementVersion", "calledElementVersionTag"]) {
    const told = foreign.attribute(name);
    if (told) book.left(site, told, noVersion);
  }
  const same = foreign.attribute("sameDeployment");
  if (same?.was === "true") bindTo(site, book, same, "deployment");
  else if (same) book.needs(same.place);
  const type = foreign.attribute("calledElementType");
  if (type && type.was !== "key") book.left(site, type, byKey);
  else if (type) book.needs(type.place);
  for (const name of ["businessKey", "inheritBusinessKey", "processInstanceName"]) {
    const told = foreign.attribute(name);
    if (told?.was === "false") book.needs(told.place);
    else if (told) book.left(site, told, noBusinessKey);
  }
}

const noVersion = {
  zh: "不能绑定到固定版本；请选择 latest（最新版）或 deployment（启动时的版本）",
  en: "a fixed version cannot be named; choose latest or deployment (the version at the start of the case)",
};
const fixedProcess = {
  zh: "被调用流程必须在图中写明；请填写流程标识，或用网关分开调用",
  en: "the called process must stand in the drawing; write its key, or choose between calls by a gateway",
};
const byKey = {
  zh: "只能按流程标识调用；请填写流程标识",
  en: "a process is called by its key alone; write the key",
};

/** `zeebe:calledElement` names the process; the others use BPMN's own attribute. */
function calledProcess(site: Site, zeebe: ForeignPart | null): Told | null {
  const named = zeebe?.attribute("processId");
  if (named) return named;
  const own = textOf(site.element["calledElement"]);
  return own === null ? null : { place: "calledElement", was: own };
}

function nameProcess(site: Site, book: Book, told: Told): void {
  const said = sayInFeel(told.was, book.dialect);
  if (said.type !== "text") {
    site.element.set("calledElement", undefined);
    book.left(site, told, fixedProcess);
    return;
  }
  if (told.place === "calledElement") return;
  site.element.set("calledElement", said.text);
  book.became(site, told, `calledElement="${said.text}"`);
}

function bind(site: Site, book: Book, told: Told | null): void {
  if (!told) return;
  if (told.was === "latest") book.became(site, told, 'jieli:binding="latest"');
  else if (told.was === "deployment") bindTo(site, book, told, "deployment");
  else book.left(site, told, noVersion);
}

function bindTo(site: Site, book: Book, told: Told, binding: "deployment"): void {
  site.element.set("jieli:binding", binding);
  book.became(site, told, `jieli:binding="${binding}"`);
}
