import communityTexts from "bpmn-js-i18n/translations/zn.js";
import { panelTexts } from "./chinese-panel.ts";

/** Canvas texts that the community translation lacks, or renders in words that Chinese officials would not use. */
const canvasTexts: Readonly<Record<string, string>> = {
  "Activate hand tool": "移动画布",
  "Activate lasso tool": "框选",
  "Activate create/remove space tool": "增删空白",
  "Activate global connect tool": "连线",
  "Add text annotation": "添加文字注释",
  "Align elements": "对齐元素",
  "Align elements left": "左对齐",
  "Align elements right": "右对齐",
  "Align elements top": "顶端对齐",
  "Align elements bottom": "底端对齐",
  "Align elements center": "水平居中",
  "Align elements middle": "垂直居中",
  "Align elements {alignment}": "对齐元素",
  "Distribute elements horizontally": "水平等距分布",
  "Distribute elements vertically": "垂直等距分布",
  "Append element": "追加元素",
  "Append text annotation": "添加文字注释",
  "Boundary event": "边界事件",
  "Business rule task": "规则任务",
  "Call activity": "调用活动",
  "Change element": "更改类型",
  "Close minimap": "关闭小地图",
  "Open minimap": "打开小地图",
  "Connect to other element": "连接到其他元素",
  "Create element": "新建元素",
  "Create expanded sub-process": "新建子流程",
  "Create user task": "新建人工办理任务",
  "Create service task": "新建服务任务",
  "Create gateway": "新建网关",
  "Create start event": "新建开始事件",
  "Create end event": "新建结束事件",
  "Create intermediate/boundary event": "新建中间/边界事件",
  "Create pool/participant": "新建泳池",
  "Create group": "新建分组",
  "Add lane above": "在上方添加泳道",
  "Add lane below": "在下方添加泳道",
  "Divide into two lanes": "分成两条泳道",
  "Divide into three lanes": "分成三条泳道",
  "Empty pool/participant": "空泳池",
  "Empty pool/participant (removes content)": "空泳池（清除内容）",
  "Expanded pool/participant": "展开的泳池",
  "Exclusive gateway": "排他网关",
  "Event-based gateway": "事件网关",
  "Manual task": "线下任务",
  "Receive task": "接收任务",
  "User task": "人工办理任务",
  "Terminate end event": "终止结束事件",
  "Message end event": "消息结束事件",
  "Error end event": "错误结束事件",
  "Escalation end event": "升级结束事件",
  "Signal end event": "信号结束事件",
  "Sub-process (collapsed)": "子流程（折叠）",
  "Sub-process (expanded)": "子流程（展开）",
  Search: "搜索",
  "Search in diagram": "在图中搜索",
  "Toggle non-interrupting": "切换是否中断",
  "Toggle interrupting": "切换是否中断",
  "Ad-hoc sub-process": "临时子流程",
  Tasks: "任务",
  Gateways: "网关",
  "Sub-processes": "子流程",
  Events: "事件",
  Data: "数据",
  Participants: "参与方",
  "No matching entries.": "没有匹配的项。",
  "No results found": "没有结果",
  "Choose element to create": "选择要新建的元素",
  "Choose element to append": "选择要追加的元素",
};

/** The panel names a type by splitting its class name ("Timer Boundary Event (Non Interrupting)"): composed here, not listed. */
function typeNames(): readonly (readonly [string, string])[] {
  const triggers = {
    "": "",
    Message: "消息",
    Timer: "定时",
    Signal: "信号",
    Error: "错误",
    Escalation: "升级",
    Terminate: "终止",
    Conditional: "条件",
    Compensate: "补偿",
    Link: "链接",
    Cancel: "取消",
  };
  const events = {
    "Start Event": "开始事件",
    "Intermediate Catch Event": "中间捕获事件",
    "Intermediate Throw Event": "中间抛出事件",
    "Boundary Event": "边界事件",
    "End Event": "结束事件",
  };
  return Object.entries(triggers).flatMap(([trigger, triggerZh]) =>
    Object.entries(events).flatMap(([event, eventZh]) => {
      const key = `${trigger} ${event}`.trim();
      return [
        [key, triggerZh + eventZh] as const,
        [`${key} (Non Interrupting)`, `${triggerZh}${eventZh}（不中断）`] as const,
      ];
    }),
  );
}

export const chinese: ReadonlyMap<string, string> = new Map([
  ...Object.entries(communityTexts),
  ...typeNames(),
  ...Object.entries(canvasTexts),
  ...Object.entries(panelTexts),
]);
