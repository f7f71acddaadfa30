/** The narrow part of bpmn-js that the modeler relies on. The library itself ships no types that an ES module can import. */

export interface BusinessObject {
  readonly id: string;
  readonly $type: string;
  get(name: string): unknown;
  set(name: string, value: unknown): void;
  $instanceOf(type: string): boolean;
}

export interface DiagramElement {
  readonly id: string;
  readonly type: string;
  readonly businessObject: BusinessObject;
  readonly labelTarget?: DiagramElement;
  readonly waypoints?: readonly { readonly x: number; readonly y: number }[];
}

export interface Command {
  readonly cmd: string;
  readonly context: Readonly<Record<string, unknown>>;
}

interface ViewBox {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface Canvas {
  viewbox(): { readonly inner: ViewBox; readonly outer: { readonly width: number; readonly height: number } };
  viewbox(box: ViewBox): void;
  addMarker(element: string, marker: string): void;
  removeMarker(element: string, marker: string): void;
  getRootElement(): DiagramElement;
  /** Current scale without an argument. */
  zoom(scale?: number): number;
  scrollToElement(element: string, padding?: number): void;
  getContainer(): HTMLElement;
  resized(): void;
}

export interface MenuEntries {
  readonly [id: string]: unknown;
}
export type MenuUpdater = (entries: MenuEntries) => MenuEntries;

export interface Services {
  readonly bpmnFactory: { create(type: string, attributes?: Readonly<Record<string, unknown>>): BusinessObject };
  readonly canvas: Canvas;
  readonly commandStack: {
    execute(command: string, context: unknown): void;
    undo(): void;
    redo(): void;
    canUndo(): boolean;
    canRedo(): boolean;
  };
  readonly contextPad: {
    registerProvider(priority: number, provider: { getContextPadEntries(element: DiagramElement): MenuUpdater }): void;
  };
  readonly elementRegistry: { get(id: string): DiagramElement | undefined; getAll(): readonly DiagramElement[] };
  readonly eventBus: {
    on(
      event: string | readonly string[],
      listener: (event: { readonly newSelection?: readonly DiagramElement[] }) => void,
    ): void;
    fire(event: string, payload?: unknown): void;
  };
  readonly modeling: {
    updateProperties(element: DiagramElement, properties: Readonly<Record<string, unknown>>): void;
    updateModdleProperties(
      element: DiagramElement,
      owner: BusinessObject,
      properties: Readonly<Record<string, unknown>>,
    ): void;
  };
  readonly overlays: {
    add(
      element: string,
      type: string,
      overlay: { readonly position: Readonly<Record<string, number>>; readonly html: HTMLElement },
    ): string;
    remove(filter: { readonly type: string }): void;
  };
  readonly palette: { registerProvider(priority: number, provider: { getPaletteEntries(): MenuUpdater }): void };
  readonly popupMenu: {
    registerProvider(
      menu: string,
      priority: number,
      provider: { getPopupMenuEntries(): MenuUpdater; getPopupMenuHeaderEntries(): MenuUpdater },
    ): void;
  };
  readonly propertiesPanel: {
    registerProvider(
      priority: number,
      provider: { getGroups(element: DiagramElement): (groups: readonly unknown[]) => readonly unknown[] },
    ): void;
  };
  readonly selection: { select(element: DiagramElement): void; get(): readonly DiagramElement[] };
  readonly elementFactory: { createShape(attributes: Readonly<Record<string, unknown>>): DiagramElement };
  readonly create: { start(event: Event, shape: DiagramElement): void };
}

declare global {
  /** Seen by `bpmn-io.d.ts`, where ambient modules cannot import from here. */
  interface BpmnServices extends Services {}
}

/** What a drawing gives on request: one of its services by name. */
export interface Drawing {
  get<Name extends keyof Services>(name: Name): Services[Name];
}

export function isBusinessObject(value: unknown): value is BusinessObject {
  return typeof value === "object" && value !== null && "$type" in value && "$instanceOf" in value;
}

export function isA(element: DiagramElement | BusinessObject, ...types: readonly string[]): boolean {
  const owner = "businessObject" in element ? element.businessObject : element;
  return types.some((type) => owner.$instanceOf(type));
}

/** A text property; `undefined` where it is absent or empty, as the input fields expect. */
export function textOf(owner: BusinessObject | undefined, property: string): string | undefined {
  const value = owner?.get(property);
  return typeof value === "string" && value !== "" ? value : undefined;
}

export function childOf(owner: BusinessObject | undefined, property: string): BusinessObject | undefined {
  const value = owner?.get(property);
  return isBusinessObject(value) ? value : undefined;
}

export function childrenOf(owner: BusinessObject | undefined, property: string): readonly BusinessObject[] {
  const value = owner?.get(property);
  return Array.isArray(value) ? value.filter(isBusinessObject) : [];
}
