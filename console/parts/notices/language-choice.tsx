import { Segmented } from "antd";
import { useText, type Language } from "../../i18n/i18n.ts";

/** In which language something is told outside the product. */
export function LanguageChoice({ value, onChange }: { value: Language; onChange: (language: Language) => void }) {
  const { t } = useText();
  return (
    <div className="row">
      <span>{t("noticeLanguage")}</span>
      <Segmented<Language>
        value={value}
        onChange={onChange}
        options={[
          { value: "zh", label: "中文" },
          { value: "en", label: "English" },
        ]}
      />
    </div>
  );
}
