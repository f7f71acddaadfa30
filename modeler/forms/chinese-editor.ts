import type { Language } from "../vocabulary.ts";

/** Texts of form-js' editor, which brings no way to translate it, by their English words. */
const chinese: ReadonlyMap<string, string> = new Map([
  ["Components", "组件"],
  ["Search components", "查找组件"],
  ["Clear content", "清除"],
  ["No components found.", "没有找到组件。"],
  ["Input", "填写"],
  ["Selection", "选择"],
  ["Presentation", "展示"],
  ["Containers", "容器"],
  ["Text field", "单行文本"],
  ["Text area", "多行文本"],
  ["Number", "数字"],
  ["Date time", "日期"],
  ["File picker", "文件"],
  ["Checkbox", "勾选框"],
  ["Checkbox group", "多选"],
  ["Radio group", "单选"],
  ["Select", "下拉选择"],
  ["Tag list", "标签多选"],
  ["Text view", "说明文字"],
  ["Spacer", "空白"],
  ["Separator", "分隔线"],
  ["Group", "分组"],
  ["Dynamic list", "表格（多行）"],
  ["Select a form field to edit its properties.", "选中一个字段以修改其属性。"],
  [
    "Multiple form fields are selected. Select a single form field to edit its properties.",
    "选中了多个字段，请只选一个。",
  ],
  ["General", "常规"],
  ["Condition", "条件"],
  ["Layout", "版面"],
  ["Appearance", "外观"],
  ["Validation", "校验"],
  ["Constraints", "限制"],
  ["Serialization", "取值格式"],
  ["Options source", "选项来源"],
  ["Static options", "固定选项"],
  ["Dynamic options", "动态选项"],
  ["Options expression", "选项表达式"],
  ["Custom properties", "自定义属性"],
  ["Secondary", "其他"],
  ["ID", "编号"],
  ["Key", "标识"],
  ["Value", "值"],
  ["Path", "路径"],
  ["Label", "标签"],
  ["Group label", "分组名称"],
  ["Date label", "日期标签"],
  ["Time label", "时间标签"],
  ["Field label", "字段标签"],
  ["Field description", "填写说明"],
  ["Text", "文字"],
  ["Type", "类型"],
  ["Subtype", "子类型"],
  ["Default value", "默认值"],
  ["Default number of items", "默认行数"],
  ["Number of non-collapsing items", "不折叠的行数"],
  ["Allow add/delete items", "可增减行"],
  ["Disable collapse", "不折叠"],
  ["Show outline", "显示边框"],
  ["Vertical alignment", "垂直对齐"],
  ["Top", "上"],
  ["Center", "中"],
  ["Bottom", "下"],
  ["Columns", "列"],
  ["Auto", "自动"],
  ["Height", "高度"],
  ["Required", "必填"],
  ["Read only", "只读"],
  ["Disabled", "停用"],
  ["Searchable", "可搜索"],
  ["Prefix", "前缀"],
  ["Suffix", "后缀"],
  ["Decimal digits", "小数位数"],
  ["Increment", "步长"],
  ["Minimum", "最小值"],
  ["Maximum", "最大值"],
  ["Minimum length", "最少字数"],
  ["Maximum length", "最多字数"],
  ["Validation pattern", "格式"],
  ["Custom regular expression", "自定义正则表达式"],
  ["Custom error message", "自定义提示"],
  ["Custom", "自定义"],
  ["Email", "邮箱"],
  ["Phone", "电话"],
  ["Output as string", "按文字保存"],
  ["Upload multiple files", "可上传多个文件"],
  ["Supported file formats", "允许的文件类型"],
  ["Disallow past dates", "不能早于今天"],
  ["Checked", "已勾选"],
  ["Not checked", "未勾选"],
  ["Hide if", "满足时隐藏"],
  ["Deactivate if", "满足时停用"],
  ["Binds to a form variable", "与表单数据对应的名称"],
  ["Learn more", "了解更多"],
]);

const attributes = ["placeholder", "title"] as const;

/** The language of a part of form-js' editor. */
export interface SpokenPart {
  readonly use: (language: Language) => void;
  readonly end: () => void;
}

/**
 * Puts a part of form-js' editor into Chinese and back, as it is drawn. Only where the editor's own words stand: not on the
 * canvas, whose words are those of the form, and not in entries. What has no words here stays as it is.
 */
export function speak(part: HTMLElement): SpokenPart {
  const english = new Map<Text, string>();
  const titles = new Map<Element, Map<string, string>>();
  const put = (node: Text) => {
    const words = node.data.trim();
    const found = chinese.get(words);
    if (!found) return;
    english.set(node, node.data);
    node.data = node.data.replace(words, found);
  };
  const putAttributes = (element: Element) => {
    for (const name of attributes) {
      const words = element.getAttribute(name) ?? "";
      const found = chinese.get(words);
      if (!found) continue;
      titles.set(element, new Map([...(titles.get(element) ?? []), [name, words]]));
      element.setAttribute(name, found);
    }
  };
  const putAll = () => {
    const walker = part.ownerDocument.createTreeWalker(part, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) if (node instanceof Text) put(node);
    for (const element of part.querySelectorAll("[placeholder],[title]")) putAttributes(element);
  };
  const observer = new MutationObserver(putAll);
  const watched = { childList: true, characterData: true, subtree: true, attributeFilter: [...attributes] };
  return {
    use(language) {
      observer.disconnect();
      if (language === "zh") {
        putAll();
        observer.observe(part, watched);
        return;
      }
      for (const [node, words] of english) node.data = words;
      for (const [element, kept] of titles) for (const [name, words] of kept) element.setAttribute(name, words);
      english.clear();
      titles.clear();
    },
    end: () => observer.disconnect(),
  };
}
