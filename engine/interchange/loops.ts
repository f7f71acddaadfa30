import type { UnresolvedReference } from "../model/parse.ts";
import { rewrite, type Book } from "./book.ts";
import { sayInFeel } from "./expressions.ts";
import type { Site, Told } from "./foreign.ts";

/** Multi-instance over a collection. What counts and ends it are expressions in places of BPMN's own (`conditions.ts`). */
export function translateLoop(site: Site, book: Book, unresolved: readonly UnresolvedReference[]): void {
  if (site.element.$type !== "bpmn:MultiInstanceLoopCharacteristics") return;
  const { foreign, element } = site;
  const zeebe = foreign.part("loopCharacteristics");
  const ofZeebe = (name: string) => zeebe?.attribute(name) ?? null;
  const reference = unresolved.find(({ owner, property }) => owner === element && property === "bpmn:loopDataInputRef");
  const named = reference ? { place: "loopDataInputRef", was: reference.value } : null;
  const collection = foreign.attribute("collection") ?? ofZeebe("inputCollection") ?? named;
  if (collection) setFeel(site, book, collection, "jieli:collection");
  setName(site, book, foreign.attribute("elementVariable") ?? ofZeebe("inputElement"), "jieli:elementVariable");
  const output = ofZeebe("outputElement");
  if (output) setFeel(site, book, output, "jieli:outputElement");
  setName(site, book, ofZeebe("outputCollection"), "jieli:outputCollection");
  const index = foreign.attribute("elementIndexVariable");
  if (index) book.left(site, index, counter);
}

const counter = {
  zh: "序号请改用 loopCounter（从 1 开始）",
  en: "use loopCounter, which counts from 1",
};

function setFeel(site: Site, book: Book, told: Told, property: string): void {
  const said = sayInFeel(told.was, book.dialect);
  // A fixed text is the name of a variable.
  const checked = said.type === "text" && book.dialect === "juel" ? sayInFeel(`\${${said.text}}`, "juel") : said;
  if (checked.type === "refused") return book.left(site, told, rewrite(checked.reason));
  const source = checked.type === "feel" ? checked.source : checked.text;
  site.element.set(property, source);
  book.became(site, told, `${property}="${source}"`);
}

function setName(site: Site, book: Book, told: Told | null, property: string): void {
  if (!told) return;
  site.element.set(property, told.was);
  book.became(site, told, `${property}="${told.was}"`);
}
