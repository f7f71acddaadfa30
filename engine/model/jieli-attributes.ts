import { jieliModdle } from "./jieli-moddle.ts";

/** What each attribute of the extension means, by its type and name. */
const meanings: Readonly<Record<string, string>> = {
  "Process.limit": "code of the end-to-end limit",
  "Process.material": "fields (`request.items`) whose change after a return makes the case walk its way again",
  "Activity.step": "the step that route tables speak of; without it the element's id",
  "Activity.limit": "limit code; the rule packs say how long that is",
  "Activity.pauses":
    "reason for which the case's clocks rest while this activity is open (`supplement`, `consultation`, …)",
  "Activity.at": "whose organisation acts, by its place in the case",
  "Activity.role": "role that acts there",
  "UserTask.form": "key of the form",
  "UserTask.outcomes": "possible outcomes; an approval comes first",
  "UserTask.approval": "signing policy: `single`, `any`, `all`, `vote`, `inTurn`",
  "UserTask.approvalParameters":
    "JSON: `signers` (each `role`, `at`, `weight`, `required`, `veto`), `veto`, `hearAll`; of a vote `passShare` or `passCount`, `refuseCount`, `quorum`, `abstain`",
  "UserTask.forbids": "operations that are taken away from the step, and `batch`; never `decide` or `answer`",
  "UserTask.skipRepeated": "who has approved already: `never`, `adjacent`, `any`",
  "UserTask.reviews":
    "fields that the step looks at; where none of them changed, a return that is walked again carries its decision over",
  "UserTask.branches": "flows of the gateway behind the task that the handler may choose instead of the rule's",
  "UserTask.peopleFor": "later steps whose people the handler may name",
  "UserTask.peopleRequired": "whether the handler must name them",
  "Task.topic": "handler that takes the work",
  "Task.resultVariable": "variable that takes the outcome or the value",
  "Task.expression": "FEEL of a business rule task",
  "TimerEventDefinition.clock": "limit whose clock the timer follows",
  "TimerEventDefinition.when": "its moment: `due`, or a share such as `80%`",
  "MultiInstanceLoopCharacteristics.collection": "variable with the list",
  "MultiInstanceLoopCharacteristics.elementVariable": "variable of the entry, in each instance",
  "MultiInstanceLoopCharacteristics.outputElement": "FEEL of what each instance gives",
  "MultiInstanceLoopCharacteristics.outputCollection": "variable that collects it",
  "Message.correlationKey": "FEEL of the key that finds the case",
  "CallActivity.binding":
    "which version of the called process: `latest`, or `deployment`, the one in force when the case began",
  "In.source": "FEEL of what goes into the called process",
  "In.target": "variable there",
  "Out.source": "FEEL of what is kept at the end of the activity",
  "Out.target": "variable that takes it",
  "FieldRight.form": "form of the step",
  "FieldRight.field": "field of the form",
  "FieldRight.right": "`hidden`, `read`, `write` or `required` for whoever has the step",
};

/** Rows of the table of `jieli:` attributes. Throws where an attribute has no meaning yet. */
export function attributeRows(): readonly {
  readonly attribute: string;
  readonly on: string;
  readonly meaning: string;
}[] {
  return jieliModdle.types.flatMap((type) => {
    const [extended] = "extends" in type ? type.extends : [`jieli:${type.name}`];
    const on = extended.replace(/^\w+:/, "");
    return type.properties.map(({ name }) => {
      const meaning = meanings[`${on}.${name}`];
      if (meaning === undefined) throw new Error(`jieli:${name} of ${on} is not described`);
      return { attribute: name, on: extended, meaning };
    });
  });
}
