declare module "moddle-xml" {
  export interface ReaderContext {
    addWarning(found: { message: string; element?: unknown; property?: unknown; value?: unknown }): void;
  }
  export class Reader {
    constructor(options: { readonly model: unknown; readonly lax: boolean });
    handler(type: string): object;
    fromXML(xml: string, rootHandler: object): Promise<{ readonly rootElement: unknown }>;
  }
}
