// A delivery that cannot be expressed as a request, with the field at fault.

export class InputError extends Error {
  override readonly name = 'InputError';
  /** The place in what the mapping made, or in the rule's fields (`fields.id`); empty where it is neither. */
  readonly field: string;

  constructor(field: string, message: string) {
    super(message);
    this.field = field;
  }
}
