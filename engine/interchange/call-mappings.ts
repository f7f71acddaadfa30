import type { Book } from "./book.ts";
import { outline, type ForeignElement, type ForeignPart, type Site, type Told } from "./foreign.ts";
import { copiedValues, variableFeel, type Copied } from "./parameters.ts";
import { addMapping } from "./tree.ts";

/** Which data a call hands over and takes back. */
interface Handed {
  /** What asks for everything, where something does. */
  readonly everythingIn: Told | null;
  readonly everythingOut: Told | null;
  readonly inputs: readonly Copied[];
  readonly outputs: readonly Copied[];
}

const seesAll = {
  zh: "原引擎在此不传递（或不传回）变量，而这里没有映射时传入并传回全部变量；请用 jieli:in、jieli:out 写明",
  en: "the other engine hands over (or back) nothing here, while a call without mappings sees and gives back everything; name what passes with jieli:in and jieli:out",
};
const namedOnly = {
  zh: "有映射时只传递写明的变量，不再传递全部；请补上还需要的变量（jieli:in、jieli:out）",
  en: "with mappings only what they name passes, no longer everything; add what else is needed (jieli:in, jieli:out)",
};
export const noBusinessKey = {
  zh: "没有业务键；请用变量传递（jieli:in）",
  en: "there is no business key; hand it over as a variable (jieli:in)",
};
const incomplete = {
  zh: "映射缺少来源或目标；请用 jieli:in、jieli:out 写明",
  en: "the mapping lacks its source or target; write it with jieli:in or jieli:out",
};
const noClass = {
  zh: "映射由代码完成，不接受；请用 jieli:in、jieli:out 写明",
  en: "the mapping is done by code, which is not accepted; name what passes with jieli:in and jieli:out",
};

/** The data of a call activity. Ours passes everything both ways without mappings, and only what they name with them. */
export function translateCallMappings(site: Site, book: Book, zeebe: ForeignPart | null): void {
  for (const name of ["variableMappingClass", "variableMappingDelegateExpression"]) {
    const told = site.foreign.attribute(name);
    if (told) book.left(site, told, noClass);
  }
  const handed = zeebe ? ofZeebe(site, book, zeebe) : ofOthers(site, book);
  write(site, book, "jieli:In", handed.inputs);
  write(site, book, "jieli:Out", handed.outputs);
  const everything = [handed.everythingIn, handed.everythingOut].filter((told) => told !== null);
  if (handed.inputs.length + handed.outputs.length > 0) {
    for (const told of everything) book.left(site, told, namedOnly);
    return;
  }
  const [first, second] = everything;
  if (!first || !second) book.left(site, first ?? { place: site.element.$type, was: "" }, seesAll);
  else if (first.was !== "") for (const told of everything) book.became(site, told, "（全部变量 all variables）");
}

function write(site: Site, book: Book, type: "jieli:In" | "jieli:Out", copied: readonly Copied[]): void {
  for (const { told, source, target } of copied) {
    addMapping(site.element, type, { source, target });
    book.became(site, told, `${type.toLowerCase()} source="${source}" target="${target}"`);
  }
}

/** Camunda 7 and Flowable pass what is named, or everything where `variables="all"` or `inheritVariables` says so. */
function ofOthers(site: Site, book: Book): Handed {
  const { foreign } = site;
  const [ins, outs] = [foreign.elements("in"), foreign.elements("out")];
  const parameters = foreign.part("inputOutput");
  const inherit = foreign.attribute("inheritVariables");
  if (inherit && inherit.was !== "true") book.needs(inherit.place);
  return {
    everythingIn: everythingOf(ins) ?? (inherit?.was === "true" ? inherit : null),
    everythingOut: everythingOf(outs),
    inputs: [...named(site, book, ins), ...copiedValues(site, book, parameters?.children("inputParameter"))],
    outputs: [...named(site, book, outs), ...copiedValues(site, book, parameters?.children("outputParameter"))],
  };
}

function everythingOf(entries: readonly ForeignElement[]): Told | null {
  const found = entries.find(({ attributes }) => attributes["variables"] === "all");
  return found ? { place: found.place, was: outline(found) } : null;
}

function named(site: Site, book: Book, entries: readonly ForeignElement[]): readonly Copied[] {
  return entries.flatMap((entry) => {
    const { source, sourceExpression, target, businessKey, variables } = entry.attributes;
    const told = { place: entry.place, was: outline(entry) };
    if (businessKey !== undefined) book.left(site, told, noBusinessKey);
    if (businessKey !== undefined || variables === "all") return [];
    if (sourceExpression !== undefined)
      return copiedValues(site, book, [{ ...entry, attributes: { source: sourceExpression, target: target ?? "" } }]);
    if (source === undefined || target === undefined) {
      book.left(site, told, incomplete);
      return [];
    }
    const feel = variableFeel(site, book, told, source);
    return feel === null ? [] : [{ told, source: feel, target }];
  });
}

/** Camunda 8 passes everything unless told otherwise; an output mapping replaces what would come back. */
function ofZeebe(site: Site, book: Book, zeebe: ForeignPart): Handed {
  const mappings = site.foreign.part("ioMapping");
  const inputs = copiedValues(site, book, mappings?.children("input"));
  const outputs = copiedValues(site, book, mappings?.children("output"));
  const everything = (name: string): Told | null => {
    const told = zeebe.attribute(name) ?? { place: `${zeebe.place} ${name}`, was: "" };
    if (told.was !== "") book.needs(`${told.place}="${told.was}"`);
    return told.was === "false" ? null : told;
  };
  const everythingBack = everything("propagateAllChildVariables");
  return {
    everythingIn: everything("propagateAllParentVariables"),
    everythingOut: outputs.length > 0 ? null : everythingBack,
    inputs,
    outputs,
  };
}
