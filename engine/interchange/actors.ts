import { asElement, elementsOf, textOf } from "../model/moddle-element.ts";
import type { Actor, Book } from "./book.ts";
import { sayInFeel } from "./expressions.ts";
import type { Site, Told } from "./foreign.ts";

const choose = {
  zh: "承办人须由设计者选择：请指定承办单位（jieli:at）和岗位（jieli:role）",
  en: "who acts must be chosen by the designer: name the organisation (jieli:at) and the role (jieli:role)",
};
const another = {
  zh: "已由另一项确定岗位；一个环节只有一个岗位，请核对",
  en: "another entry has given the role; a step has one role, so look whether it is the right one",
};
const whichOrganisation = {
  zh: "岗位已确定，但原文件没有说明在哪个单位；请选择承办单位（jieli:at）",
  en: "the role is known, but the file does not say in whose organisation; choose jieli:at",
};

/** Who performs a user task. Persons and groups of another installation are nobody here, unless the caller says who they are. */
export function translateActors(site: Site, book: Book): void {
  if (!site.element.$instanceOf("bpmn:UserTask")) return;
  let given = false;
  for (const told of claims(site)) {
    const actor = actorOf(told, book);
    if (!actor) book.left(site, told, choose);
    else if (given) book.left(site, told, another);
    else {
      given = true;
      assign(site, book, told, actor);
    }
  }
}

function assign(site: Site, book: Book, told: Told, { role, at }: Actor | { role: string; at: null }): void {
  site.element.set("jieli:role", role);
  if (at !== null) site.element.set("jieli:at", at);
  book.became(site, told, at === null ? `jieli:role="${role}"` : `jieli:role="${role}" jieli:at="${at}"`);
  if (at === null) book.left(site, told, whichOrganisation);
}

/** Groups first: a role is a group rather than a person. */
function claims({ element, foreign }: Site): readonly Told[] {
  const definition = foreign.part("assignmentDefinition");
  const ofZeebe = ["candidateGroups", "candidateUsers", "assignee"]
    .map((name) => definition?.attribute(name) ?? null)
    .filter((told) => told !== null);
  const ofAttributes = ["candidateGroups", "candidateUsers", "assignee", "owner"]
    .map((name) => foreign.attribute(name))
    .filter((told) => told !== null);
  return [...ofZeebe, ...ofAttributes, ...resourceRoles(element)];
}

/** `bpmn:potentialOwner` and `bpmn:humanPerformer`, which Jieli does not read. */
function resourceRoles(element: Site["element"]): readonly Told[] {
  const roles = elementsOf(element["resources"]);
  if (roles.length > 0) element.set("resources", undefined);
  return roles.flatMap((role) => {
    const was = textOf(asElement(asElement(role["resourceAssignmentExpression"])?.["expression"])?.["body"]);
    return was === null ? [] : [{ place: role.$type, was }];
  });
}

function actorOf({ was }: Told, { destination, dialect }: Book): Actor | { role: string; at: null } | null {
  const said = sayInFeel(was, dialect);
  const whole = destination.actors.get(was.trim());
  if (whole) return whole;
  if (said.type !== "text") return null;
  const names = said.text.split(",").map((name) => name.trim().replace(/^(user|group)\((.*)\)$/, "$2"));
  for (const name of names) {
    const actor = destination.actors.get(name);
    if (actor) return actor;
  }
  const role = names.find((name) => destination.roles.has(name));
  return role === undefined ? null : { role, at: null };
}

const whoMayStart = {
  zh: "谁可以发起由单位和岗位的权限决定，不写在流程图中",
  en: "who may start a case is decided by organisation and role, not in the drawing",
};
const initiator = {
  zh: "发起人变量没有对应物；发起单位在 applicant 中",
  en: "there is no variable for the person who starts; the organisation stands in `applicant`",
};

export function translateStarters(site: Site, book: Book): void {
  for (const name of ["candidateStarterGroups", "candidateStarterUsers"]) {
    const told = site.foreign.attribute(name);
    if (told) book.left(site, told, whoMayStart);
  }
  const told = site.foreign.attribute("initiator");
  if (told) book.left(site, told, initiator);
}

const limitCode = {
  zh: "请改用时限代码（jieli:limit）：法定时限按工作日计算，期限文本按自然日计算，不能直接换算",
  en: "use a limit code (jieli:limit) instead: the law counts working days, this text counts calendar days, and neither gives the other",
};

/** Due dates: a limit counts working days by a rule pack, so a duration is never taken over silently. */
export function translateDueDates(site: Site, book: Book): void {
  for (const name of ["dueDate", "followUpDate", "businessCalendarName"]) {
    const told = site.foreign.attribute(name);
    if (told) book.left(site, told, limitCode);
  }
  const schedule = site.foreign.part("taskSchedule");
  for (const name of ["dueDate", "followUpDate"]) {
    const told = schedule?.attribute(name);
    if (told) book.left(site, told, limitCode);
  }
}
