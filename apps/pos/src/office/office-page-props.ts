/** What a page is given. */
export interface OfficePageProps {
  /** What stands in the address behind the page's own path, decoded: `/office/meters/600…` is ['600…'] for `meters`. */
  readonly rest: readonly string[];
}
