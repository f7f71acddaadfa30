/** Types for the bpmn.io packages as far as the modeler uses them: they ship none, or none that `nodenext` can import. */
declare module "bpmn-js/lib/Modeler.js" {
  export { BpmnDrawing as default } from "bpmn-io-drawing";
}
declare module "bpmn-js/lib/NavigatedViewer.js" {
  export { BpmnDrawing as default } from "bpmn-io-drawing";
}
declare module "bpmn-io-drawing" {
  export class BpmnDrawing {
    constructor(options: Readonly<Record<string, unknown>>);
    importXML(xml: string): Promise<{ readonly warnings: readonly string[] }>;
    saveXML(options: { readonly format: boolean }): Promise<{ readonly xml?: string; readonly error?: Error }>;
    get<Name extends keyof BpmnServices>(name: Name): BpmnServices[Name];
    /** What was read last; nothing before. */
    getDefinitions(): { readonly diagrams?: readonly unknown[] } | undefined;
    destroy(): void;
  }
}
declare module "bpmn-js/lib/features/popup-menu/PopupEntries.js" {
  export const PopupEntries: Readonly<
    Record<
      string,
      {
        readonly target: {
          readonly type: string;
          readonly triggeredByEvent?: boolean;
          readonly eventDefinitionType?: string;
        };
      }
    >
  >;
}
declare module "bpmn-js-create-append-anything" {
  export const CreateAppendAnythingModule: object;
}
declare module "diagram-js/lib/command/index.js" {
  const commands: object;
  export default commands;
}
declare module "diagram-js-minimap" {
  const minimap: object;
  export default minimap;
}
declare module "bpmn-js-properties-panel" {
  export const BpmnPropertiesPanelModule: object;
}
declare module "@bpmn-io/properties-panel" {
  type Component = (props: object) => unknown;
  export const CheckboxEntry: Component;
  export const CheckboxGroup: Component;
  export const Group: Component;
  export const ListGroup: Component;
  export const SelectEntry: Component;
  export const TextAreaEntry: Component;
  export const TextFieldEntry: Component;
  export const isCheckboxEntryEdited: (node: unknown) => boolean;
  export const isSelectEntryEdited: (node: unknown) => boolean;
  export const isTextAreaEntryEdited: (node: unknown) => boolean;
  export const isTextFieldEntryEdited: (node: unknown) => boolean;
}
declare module "bpmn-js-i18n/translations/zn.js" {
  const translations: Readonly<Record<string, string>>;
  export default translations;
}
