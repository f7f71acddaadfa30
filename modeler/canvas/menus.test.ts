import { PopupEntries } from "bpmn-js/lib/features/popup-menu/PopupEntries.js";
import { describe, expect, it } from "vitest";
import { compileDefinitions } from "../../engine/model/compile.ts";
import { bpmn } from "../../test/support/bpmn.ts";
import { menuOffers } from "./menus.ts";

/** Refusals of the element as such; what a freshly drawn element still lacks (a message, a time) is for the designer to add. */
const refusals = new Set(["ELEMENT_UNSUPPORTED", "ELEMENT_UNKNOWN", "EVENT_DEFINITION_MISPLACED"]);

/** A process that holds the element as the menu would draw it. */
function drawn(target: (typeof PopupEntries)[string]["target"]): string {
  const name = lowerFirst(target.type);
  const definition = target.eventDefinitionType ? `<bpmn:${lowerFirst(target.eventDefinitionType)} id="d"/>` : "";
  const attributes = { boundaryEvent: 'attachedToRef="host"', scriptTask: 'scriptFormat="FEEL"' }[name] ?? "";
  const element = `<bpmn:${name} id="x" ${attributes}>${definition}</bpmn:${name}>`;
  const startsReaction = ["Error", "Escalation", "Compensate"].some((kind) =>
    target.eventDefinitionType?.includes(kind),
  );
  const inside =
    name === "startEvent" && startsReaction
      ? `<bpmn:subProcess id="reaction" triggeredByEvent="true">${element}</bpmn:subProcess>`
      : element;
  return bpmn(`<bpmn:startEvent id="start"/><bpmn:userTask id="host"/>${inside}`, "start -> host");
}

function lowerFirst(type: string): string {
  const name = type.replace("bpmn:", "");
  return name.charAt(0).toLowerCase() + name.slice(1);
}

describe("what the menus offer", () => {
  const entries = Object.entries(PopupEntries).filter(([, { target }]) => target.type !== "bpmn:Participant");

  it.each(entries)("%s: exactly what the compiler does not refuse", async (id, { target }) => {
    const { problems } = await compileDefinitions(drawn(target));
    const isRefused = problems.some(({ code, element }) => element === "x" && refusals.has(code));
    expect(menuOffers(`create-${id}`)).toBe(!isRefused);
  });
});
