import type { ReactNode } from "react";

/** A wide table: on a narrow screen it scrolls in itself, by the keyboard too (WCAG 2.2, 2.1.1). */
export function Scroll({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div className="scroll" role="group" aria-label={label} tabIndex={0}>
      {children}
    </div>
  );
}
