import { mountStaffPage } from '../shared/staff-root';
import { CounterApp } from './counter-app';
import './counter.css';

mountStaffPage(<CounterApp />);
