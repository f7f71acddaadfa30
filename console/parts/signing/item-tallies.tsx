import { useId } from "react";
import { itemDecisionSchema } from "../../../engine/approval/items.ts";
import type { SigningView } from "../../../server/api/tasks/tasks.schema.ts";
import { useText } from "../../i18n/i18n.ts";
import { useDecisionWords } from "../forms/read-value.tsx";

/** How the votes stand to each item, and what came of it: nothing where the step decides no items. */
export function ItemTallies({ signing: { items, parameters } }: { signing: SigningView }) {
  const { t, pick } = useText();
  const id = useId();
  const say = useDecisionWords();
  if (items.length === 0) return null;
  return (
    <section>
      <h3 id={id}>{t("signingItems")}</h3>
      <table className="signers" aria-labelledby={id}>
        <thead>
          <tr>
            <th scope="col">{t("signingItem")}</th>
            <th scope="col">{t("signingItemGive")}</th>
            <th scope="col">{t("signingItemRefuse")}</th>
            {parameters.abstain && <th scope="col">{t("signingItemAbstain")}</th>}
            <th scope="col">{t("signingItemOpen")}</th>
            <th scope="col">{t("signingItemResult")}</th>
          </tr>
        </thead>
        <tbody>
          {items.map(({ code, name, tally, decided }) => {
            const known = itemDecisionSchema.safeParse(decided).data;
            return (
              <tr key={code}>
                <td>
                  <strong>{pick(name)}</strong>
                </td>
                <td data-label={t("signingItemGive")}>{tally.for}</td>
                <td data-label={t("signingItemRefuse")}>{tally.against}</td>
                {parameters.abstain && <td data-label={t("signingItemAbstain")}>{tally.abstain}</td>}
                <td data-label={t("signingItemOpen")}>{tally.open}</td>
                <td data-label={t("signingItemResult")}>{known ? say(known) : "–"}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </section>
  );
}
