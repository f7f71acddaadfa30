/**
 * The `jieli:` moddle extension: what Jieli adds to BPMN, as attributes on standard elements,
 * so that the same file opens in any BPMN tool. Used by browser, server and checks alike.
 */
export const jieliNamespace = "urn:jieli:bpmn:1";

export const jieliModdle = {
  name: "Jieli",
  uri: jieliNamespace,
  prefix: "jieli",
  xml: { tagAlias: "lowerCase" },
  types: [
    {
      name: "ProcessExtension",
      isAbstract: true,
      extends: ["bpmn:Process"],
      properties: [
        { name: "limit", isAttr: true, type: "String" },
        { name: "material", isAttr: true, type: "String" },
      ],
    },
    {
      name: "ActivityExtension",
      isAbstract: true,
      extends: ["bpmn:Activity"],
      properties: [
        { name: "step", isAttr: true, type: "String" },
        { name: "limit", isAttr: true, type: "String" },
        { name: "pauses", isAttr: true, type: "String" },
        { name: "at", isAttr: true, type: "String" },
        { name: "role", isAttr: true, type: "String" },
      ],
    },
    {
      name: "UserTaskExtension",
      isAbstract: true,
      extends: ["bpmn:UserTask"],
      properties: [
        { name: "form", isAttr: true, type: "String" },
        { name: "outcomes", isAttr: true, type: "String" },
        { name: "approval", isAttr: true, type: "String" },
        { name: "approvalParameters", isAttr: true, type: "String" },
        { name: "forbids", isAttr: true, type: "String" },
        { name: "skipRepeated", isAttr: true, type: "String" },
        { name: "reviews", isAttr: true, type: "String" },
        { name: "branches", isAttr: true, type: "String" },
        { name: "peopleFor", isAttr: true, type: "String" },
        { name: "peopleRequired", isAttr: true, type: "Boolean" },
      ],
    },
    {
      name: "TaskExtension",
      isAbstract: true,
      extends: ["bpmn:Task"],
      properties: [
        { name: "topic", isAttr: true, type: "String" },
        { name: "resultVariable", isAttr: true, type: "String" },
        { name: "expression", isAttr: true, type: "String" },
      ],
    },
    {
      name: "TimerExtension",
      isAbstract: true,
      extends: ["bpmn:TimerEventDefinition"],
      properties: [
        { name: "clock", isAttr: true, type: "String" },
        { name: "when", isAttr: true, type: "String" },
      ],
    },
    {
      name: "MultiInstanceExtension",
      isAbstract: true,
      extends: ["bpmn:MultiInstanceLoopCharacteristics"],
      properties: [
        { name: "collection", isAttr: true, type: "String" },
        { name: "elementVariable", isAttr: true, type: "String" },
        { name: "outputElement", isAttr: true, type: "String" },
        { name: "outputCollection", isAttr: true, type: "String" },
      ],
    },
    {
      name: "MessageExtension",
      isAbstract: true,
      extends: ["bpmn:Message"],
      properties: [{ name: "correlationKey", isAttr: true, type: "String" }],
    },
    {
      name: "CallActivityExtension",
      isAbstract: true,
      extends: ["bpmn:CallActivity"],
      properties: [{ name: "binding", isAttr: true, type: "String" }],
    },
    {
      name: "In",
      superClass: ["Element"],
      properties: [
        { name: "source", isAttr: true, type: "String" },
        { name: "target", isAttr: true, type: "String" },
      ],
    },
    {
      name: "FieldRight",
      superClass: ["Element"],
      properties: [
        { name: "form", isAttr: true, type: "String" },
        { name: "field", isAttr: true, type: "String" },
        { name: "right", isAttr: true, type: "String" },
      ],
    },
    {
      name: "Out",
      superClass: ["Element"],
      properties: [
        { name: "source", isAttr: true, type: "String" },
        { name: "target", isAttr: true, type: "String" },
      ],
    },
  ],
} as const;
