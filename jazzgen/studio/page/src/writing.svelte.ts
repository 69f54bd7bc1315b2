/** What is written on the page: changes and settings, what the studio makes of them, and that they are kept. */

import { send, type Chart, type Looked, type Schemas, type Session, type Wrong } from "./api";
import { formFrom, freshForm, type Form } from "./form";

const DRAFT_DELAY = 500;
const LOOK_DELAY = 250;

export class Writing {
  form = $state<Form>(freshForm());
  chart = $state.raw<Chart | null>(null);
  /** What is wrong with the changes, and where. */
  wrong = $state.raw<Wrong | null>(null);

  #session: number | null = null;
  /** Set while the form is other than what is kept. */
  #draftTimer: ReturnType<typeof setTimeout> | undefined;
  #lookTimer: ReturnType<typeof setTimeout> | undefined;
  #lookAt = 0;

  /** @param complain - shows what went wrong. */
  constructor(readonly complain: (error: unknown) => void) {}

  /** Shows the form as a session has kept it. */
  open(session: Session): void {
    this.#session = session.id;
    this.form = formFrom(session.draft.form);
    this.look();
  }

  /** The form was changed: keep it, and look at the changes. */
  changed(): void {
    clearTimeout(this.#draftTimer);
    this.#draftTimer = setTimeout(() => void this.flush(), DRAFT_DELAY);
    clearTimeout(this.#lookTimer);
    this.#lookTimer = setTimeout(() => this.look(), LOOK_DELAY);
  }

  /** Other changes, in their own key, tempo and style. */
  write(text: string): void {
    Object.assign(this.form, { text, key: "", tempo: "", style: "" });
    this.changed();
  }

  /** Keeps the form as it is now, if it was changed; `leaving` when the page may be gone before the answer. */
  async flush(leaving = false): Promise<void> {
    if (this.#draftTimer === undefined || this.#session === null) return;
    clearTimeout(this.#draftTimer);
    this.#draftTimer = undefined;
    try {
      const draft: Schemas["DraftAsked"] = { draft: { form: this.form } };
      await send("PUT", `/api/sessions/${this.#session}/draft`, draft, { keepalive: leaving });
    } catch (error) {
      this.complain(error);
    }
  }

  look(): void {
    const mine = ++this.#lookAt;
    const body: Schemas["ChangesAsked"] = { text: this.form.text, key: this.form.key || null };
    send<Looked>("POST", "/api/changes", body)
      .then(({ chart, wrong }) => {
        if (mine !== this.#lookAt) return;
        this.chart = chart ?? this.chart;
        this.wrong = wrong;
      })
      .catch((error: unknown) => {
        if (mine === this.#lookAt) this.complain(error);
      });
  }
}
