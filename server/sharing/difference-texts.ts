import type { Difference } from "../../engine/sharing/acceptance.ts";
import type { Bilingual } from "../../engine/routing/errors.ts";
import type { NameOfItem } from "./item-names.ts";

/** A difference between what was delivered and what was found, in words. */
export function differenceText(difference: Difference, nameOf: NameOfItem): Bilingual {
  switch (difference.type) {
    case "itemsMissing":
      return {
        zh: `缺少数据项：${difference.items.map((item) => nameOf(item).zh).join("、")}`,
        en: `items are missing: ${difference.items.map((item) => nameOf(item).en).join(", ")}`,
      };
    case "sampleUnchecked":
      return { zh: "尚未用样例核对", en: "not checked with samples" };
    case "testCallFailed":
      return { zh: "测试调用失败", en: "the test call failed" };
    case "rowCount":
      return {
        zh: `行数不符：提供 ${difference.delivered} 行，收到 ${difference.found} 行`,
        en: `row counts differ: ${difference.delivered} delivered, ${difference.found} received`,
      };
    case "fileHash":
      return { zh: "文件哈希不符", en: "the file's hash differs" };
    case "errors":
      return {
        zh: `错误率 ${difference.percent}% 超过 ${difference.most}%`,
        en: `the error rate of ${difference.percent} % exceeds ${difference.most} %`,
      };
  }
}
