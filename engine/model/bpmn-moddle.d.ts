declare module "bpmn-moddle" {
  export class BpmnModdle {
    constructor(extensions?: Record<string, unknown>);
    fromXML(xml: string): Promise<{
      rootElement: unknown;
      warnings: { message: string; element?: unknown; property?: unknown; value?: unknown }[];
    }>;
    create(type: string, properties: Readonly<Record<string, unknown>>): object;
    toXML(element: unknown, options?: { format?: boolean; preamble?: boolean }): Promise<{ xml: string }>;
  }
}
