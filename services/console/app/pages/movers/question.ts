export interface Question {
  readonly view: 'model' | 'vendor';
  readonly category: string;
  readonly from: string;
  readonly to: string;
}
