import type { ReactNode } from "react";

interface ScrollProps {
  readonly label: string;
  /** `numbers`: of figures; `broad`: of so many columns that it rather scrolls than wraps. */
  readonly look?: "numbers" | "broad";
  readonly children: ReactNode;
}

/** A wide table: on a narrow screen it scrolls in itself, by the keyboard too (WCAG 2.2, 2.1.1). */
export function Scroll({ label, look, children }: ScrollProps) {
  return (
    <div className={`scroll ${look ?? ""}`} role="group" aria-label={label} tabIndex={0}>
      {children}
    </div>
  );
}
