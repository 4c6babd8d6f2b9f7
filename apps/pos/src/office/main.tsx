import { mountStaffPage } from '../shared/staff-root';
import { OfficeApp } from './office-app';
import './office.css';

mountStaffPage(<OfficeApp />);
