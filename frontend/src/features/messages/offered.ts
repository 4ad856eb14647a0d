/** What may be done to a message from its row: in what somebody else shares not all of it. */
export interface Offered {
  mark: boolean;
  archive: boolean;
  delete: boolean;
  move: boolean;
  /** What only the owner of the account may. */
  own: boolean;
}
