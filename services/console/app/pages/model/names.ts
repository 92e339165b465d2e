export interface Names {
  readonly category: string;
  readonly vendor: string;
  readonly model: string;
}
