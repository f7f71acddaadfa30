import {
  createModeler,
  createViewer,
  type ModelerHandle,
  type Problem,
  type ViewerHandle,
  type Vocabulary,
} from "../../../modeler/index.ts";
import "../../../modeler/modeler.css";
import sample from "./sample.bpmn?raw";

const vocabulary: Vocabulary = {
  limits: [
    {
      code: "L.REVIEW",
      name: { zh: "归口审核", en: "Authority review" },
      value: 2,
      unit: "workday",
      verified: false,
      source: "示例规则包",
    },
    {
      code: "L.REPLY.COND",
      name: { zh: "有条件共享答复", en: "Reply, conditional class" },
      value: 10,
      unit: "workday",
      verified: true,
      source: "国务院令第809号",
    },
    {
      code: "L.E2E",
      name: { zh: "全程", en: "End to end" },
      value: 30,
      unit: "workday",
      verified: false,
      source: "示例规则包",
    },
  ],
  roles: [{ code: "authority-reviewer", name: { zh: "归口审核员", en: "Authority reviewer" } }],
  positions: [{ code: "applicantAuthority", name: { zh: "申请方主管部门", en: "Applicant's authority" } }],
  outcomes: [
    { code: "approve", name: { zh: "同意", en: "Approve" } },
    { code: "refuse", name: { zh: "不予共享", en: "Refuse to share" } },
  ],
  forms: [{ key: "review", name: { zh: "审核意见表", en: "Review form" } }],
  topics: [{ code: "delivery.open", name: { zh: "开通共享", en: "Open the share" } }],
  names: {
    limits: ["L.REVIEW", "L.REPLY.COND", "L.E2E"],
    roles: ["authority-reviewer", "provider-reviewer"],
    positions: ["applicantAuthority"],
    forms: ["review"],
    routed: [],
  },
};

interface Stage {
  modeler: ModelerHandle | null;
  viewer: ViewerHandle | null;
  problems: readonly Problem[];
  changes: number;
  picked: string | null;
}

const stage: Stage = { modeler: null, viewer: null, problems: [], changes: 0, picked: null };
const container = document.querySelector<HTMLElement>("#canvas");
const propertiesParent = document.querySelector<HTMLElement>("#properties");
if (!container || !propertiesParent) throw new Error("the page lacks its places");

const mode = new URLSearchParams(location.search).get("mode");
if (mode === "viewer") {
  propertiesParent.remove();
  stage.viewer = await createViewer({ container, xml: sample, language: "zh" });
  stage.viewer?.onSelect((id) => (stage.picked = id));
  stage.viewer?.mark({
    active: ["Reply"],
    completed: ["Start", "Review", "Decide"],
    flows: ["F1", "F2", "FlowApproved"],
    incidents: ["Deliver"],
  });
} else {
  stage.modeler = await createModeler({
    container,
    propertiesParent,
    xml: sample,
    vocabulary,
    language: "zh",
    readOnly: mode === "readOnly",
    onChange: () => (stage.changes += 1),
    onProblems: (problems) => (stage.problems = problems),
  });
}

declare global {
  interface Window {
    stage: Stage;
  }
}
window.stage = stage;
