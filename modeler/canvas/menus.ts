import { PopupEntries } from "bpmn-js/lib/features/popup-menu/PopupEntries.js";
import { eventDefinitions, executable, type EventPlace } from "../../engine/model/support.ts";
import type { Drawing, MenuEntries, MenuUpdater } from "../diagram.ts";
import type { Translate } from "../language/translate.ts";

/** After all other providers, so that what they offer can be cut. */
const last = 1;

/** The palette stays a short list of what approving needs; the create menu offers the rest of what the engine runs. */
const paletteCut: ReadonlySet<string> = new Set([
  "create.data-object",
  "create.data-store",
  "create.task",
  "create.group",
]);
/** Switches of the header that write what the engine accepts as part of the picture only. */
const headerCut: ReadonlySet<string> = new Set(["toggle-participant-multiplicity", "toggle-is-collection"]);

/** What can stand in a drawing without being refused; pools are drawn around processes. */
const drawable: ReadonlySet<string> = new Set([...Object.values(executable).flat(), "bpmn:Participant"]);

/** Cuts palette, create, append and replace menus down to what the engine accepts, by the engine's own table. */
export function offerWhatTheEngineRuns(drawing: Drawing, translate: Translate): void {
  const popupMenu = drawing.get("popupMenu");
  const cutMenu = {
    getPopupMenuEntries: () => keep((id) => menuOffers(id)),
    getPopupMenuHeaderEntries: () => keep((id) => !headerCut.has(id)),
  };
  for (const menu of ["bpmn-replace", "bpmn-create", "bpmn-append"]) popupMenu.registerProvider(menu, last, cutMenu);
  drawing.get("palette").registerProvider(last, {
    getPaletteEntries: () => (entries) => ({
      ...keep((id) => !paletteCut.has(id))(entries),
      ...taskTools(drawing, translate),
    }),
  });
}

/** Whether an entry such as `replace-with-timer-boundary` or `create-user-task` leads to something that the engine runs. */
export function menuOffers(entry: string): boolean {
  const kind = entry.replace(/^(create|append)-/, "").replace(/^replace-with-/, "");
  const target = PopupEntries[kind]?.target;
  if (!target) return true;
  const place = placeOf(target.type);
  if (!place) return drawable.has(target.type);
  const name = target.eventDefinitionType?.replace(/^bpmn:|EventDefinition$/g, "") ?? "None";
  const definition = name === "Compensate" ? "compensation" : name.charAt(0).toLowerCase() + name.slice(1);
  return [
    ...eventDefinitions[place],
    ...(place === "startEvent" ? eventDefinitions.eventSubProcessStart : []),
  ].includes(definition);
}

/** Where an event of that type stands; the menus offer the starts of event sub-processes only inside them. */
function placeOf(type: string): EventPlace | null {
  const name = type.replace(/^bpmn:/, "");
  const place = name.charAt(0).toLowerCase() + name.slice(1);
  return place in eventDefinitions ? (place as EventPlace) : null;
}

function keep(wanted: (id: string) => boolean): MenuUpdater {
  return (entries: MenuEntries) => Object.fromEntries(Object.entries(entries).filter(([id]) => wanted(id)));
}

function taskTools(drawing: Drawing, translate: Translate): MenuEntries {
  const tool = (type: string, className: string, title: string) => {
    const start = (event: Event) =>
      drawing.get("create").start(event, drawing.get("elementFactory").createShape({ type }));
    return { group: "activity", className, title, action: { dragstart: start, click: start } };
  };
  return {
    "create.user-task": tool("bpmn:UserTask", "bpmn-icon-user-task", translate("Create user task")),
    "create.service-task": tool("bpmn:ServiceTask", "bpmn-icon-service-task", translate("Create service task")),
  };
}
