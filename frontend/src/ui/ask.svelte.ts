export interface Question {
  title: string;
  text: string;
  yes: string;
  /** A field to fill; its value comes with the answer. */
  field?: { label: string; value: string; mayBeEmpty?: boolean; longest?: number };
  danger?: boolean;
  answer(value: string | undefined): void;
}

export const asked: { question: Question | undefined } = $state({ question: undefined });

/** Asks; the answer is the field's value ('' without a field), or undefined for no. */
export function ask(question: Omit<Question, 'answer'>): Promise<string | undefined> {
  asked.question?.answer(undefined);
  return new Promise((resolve) => {
    asked.question = {
      ...question,
      answer: (value) => {
        asked.question = undefined;
        resolve(value);
      },
    };
  });
}
