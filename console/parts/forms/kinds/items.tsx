import { Button, Checkbox, Tag } from "antd";
import type { ItemsField } from "../../../../engine/forms/form.ts";
import { useText } from "../../../i18n/i18n.ts";
import type { Values } from "../form-view.tsx";
import type { EntryProps } from "./entry.ts";

interface ItemsProps extends EntryProps<ItemsField> {
  readonly values: Values;
  readonly onChangeKey: (key: string, value: unknown) => void;
}

/** Items of the resource: which are asked for, and of each that it is necessary. */
export function ItemsInput({ field, value, values, onChange, onChangeKey }: ItemsProps) {
  const { t, pick } = useText();
  const asked = listOf(value);
  const { necessityKey } = field;
  const necessary = necessityKey === null ? [] : listOf(values[necessityKey]);
  const ask = (items: readonly string[]) => {
    onChange(items);
    if (necessityKey !== null)
      onChangeKey(
        necessityKey,
        necessary.filter((item) => items.includes(item)),
      );
  };
  return (
    <div className="item-list">
      {field.choices.map((item) => {
        const isAsked = asked.includes(item.value);
        const name = pick(item.label);
        return (
          <div key={item.value} className="item-row">
            <Checkbox
              checked={isAsked}
              onChange={(event) =>
                ask(event.target.checked ? [...asked, item.value] : asked.filter((code) => code !== item.value))
              }
            >
              {name}
              {item.personalInfo && <Tag style={{ marginInlineStart: 8 }}>{t("personal")}</Tag>}
            </Checkbox>
            {necessityKey !== null && (
              <Checkbox
                aria-label={t("formNecessary", { name })}
                disabled={!isAsked}
                checked={necessary.includes(item.value)}
                onChange={(event) =>
                  onChangeKey(
                    necessityKey,
                    event.target.checked ? [...necessary, item.value] : necessary.filter((code) => code !== item.value),
                  )
                }
              >
                {t("formNecessaryShort")}
              </Checkbox>
            )}
          </div>
        );
      })}
      {field.choices.length > 1 && (
        <Button size="small" onClick={() => ask(field.choices.map((item) => item.value))}>
          {t("formAskAll")}
        </Button>
      )}
    </div>
  );
}

function listOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((item): item is string => typeof item === "string") : [];
}
