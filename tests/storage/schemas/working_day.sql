CREATE TABLE account (
	id INTEGER NOT NULL, 
	name VARCHAR NOT NULL, 
	currency VARCHAR NOT NULL, 
	time_zone VARCHAR NOT NULL, 
	country VARCHAR NOT NULL, 
	created_on DATE, 
	demo_day DATE, 
	drill BOOLEAN NOT NULL, 
	"plan" VARCHAR NOT NULL, 
	fee_minor INTEGER NOT NULL, 
	fee_currency VARCHAR NOT NULL, 
	cycle VARCHAR NOT NULL, 
	frequency INTEGER NOT NULL, 
	anchor DATE, 
	notice_days INTEGER NOT NULL, 
	answer_days INTEGER NOT NULL, 
	minimum_months INTEGER, 
	phone VARCHAR NOT NULL, 
	opening_hours VARCHAR NOT NULL, 
	access_in_pause BOOLEAN DEFAULT 0 NOT NULL, 
	own_holidays JSON NOT NULL, 
	refund_limits JSON NOT NULL, 
	batch_limits JSON DEFAULT '{}' NOT NULL, 
	version INTEGER NOT NULL, 
	cancel_reasons JSON NOT NULL, 
	refund_reasons JSON NOT NULL, 
	PRIMARY KEY (id)
);
CREATE TABLE account_invoice (
	id INTEGER NOT NULL, 
	number VARCHAR NOT NULL, 
	issued_on DATE NOT NULL, 
	amount_minor INTEGER NOT NULL, 
	currency VARCHAR NOT NULL, 
	paid_on DATE, 
	PRIMARY KEY (id)
);
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	PRIMARY KEY (version_num)
);
CREATE TABLE automation (
	id INTEGER NOT NULL, 
	contact_id INTEGER NOT NULL, 
	name VARCHAR NOT NULL, 
	running BOOLEAN NOT NULL, 
	PRIMARY KEY (id), 
	FOREIGN KEY(contact_id) REFERENCES contact (id)
);
CREATE TABLE batch (
	id INTEGER NOT NULL, 
	action VARCHAR NOT NULL, 
	draft JSON NOT NULL, 
	selection VARCHAR NOT NULL, 
	standing VARCHAR NOT NULL, 
	made_by_id INTEGER, 
	made_by VARCHAR NOT NULL, 
	made_by_role VARCHAR NOT NULL, 
	made_at DATETIME NOT NULL, 
	decided_by VARCHAR NOT NULL, 
	decided_at DATETIME, 
	decision_note VARCHAR NOT NULL, 
	event_id INTEGER, 
	version INTEGER NOT NULL, 
	PRIMARY KEY (id), 
	FOREIGN KEY(made_by_id) REFERENCES user (id), 
	FOREIGN KEY(event_id) REFERENCES event (id)
);
CREATE TABLE batch_row (
	batch_id INTEGER NOT NULL, 
	subscription_id INTEGER NOT NULL, 
	seen_version INTEGER NOT NULL, 
	state VARCHAR NOT NULL, 
	reason VARCHAR NOT NULL, 
	event_id INTEGER, 
	PRIMARY KEY (batch_id, subscription_id), 
	FOREIGN KEY(batch_id) REFERENCES batch (id), 
	FOREIGN KEY(subscription_id) REFERENCES subscription (id), 
	FOREIGN KEY(event_id) REFERENCES event (id)
);
CREATE TABLE cancellation_request (
	id INTEGER NOT NULL, 
	kind VARCHAR NOT NULL, 
	standing VARCHAR NOT NULL, 
	topic VARCHAR NOT NULL, 
	subject VARCHAR NOT NULL, 
	comment VARCHAR NOT NULL, 
	reason_code VARCHAR, 
	requested_by_id INTEGER, 
	requested_by VARCHAR NOT NULL, 
	requester_role VARCHAR NOT NULL, 
	requester_verified BOOLEAN NOT NULL, 
	requested_on DATE NOT NULL, 
	recorded_at DATETIME NOT NULL, 
	recorded_by VARCHAR NOT NULL, 
	completed_at DATETIME, 
	completed_by VARCHAR NOT NULL, 
	email VARCHAR NOT NULL, 
	phone VARCHAR NOT NULL, 
	preferred VARCHAR NOT NULL, 
	answer_due DATE NOT NULL, 
	next_invoice DATE, 
	last_safe_day DATE, 
	in_time BOOLEAN, 
	last_invoice DATE, 
	ends_on DATE, 
	terms JSON NOT NULL, 
	acknowledged JSON NOT NULL, 
	decided_at DATETIME, 
	decided_by VARCHAR NOT NULL, 
	outcome_note VARCHAR NOT NULL, 
	version INTEGER NOT NULL, 
	PRIMARY KEY (id), 
	FOREIGN KEY(requested_by_id) REFERENCES user (id)
);
CREATE TABLE contact (
	id INTEGER NOT NULL, 
	first_name VARCHAR NOT NULL, 
	last_name VARCHAR NOT NULL, 
	company VARCHAR NOT NULL, 
	job_title VARCHAR NOT NULL, 
	email VARCHAR NOT NULL, 
	email2 VARCHAR NOT NULL, 
	email3 VARCHAR NOT NULL, 
	phone1 VARCHAR NOT NULL, 
	phone2 VARCHAR NOT NULL, 
	phone3 VARCHAR DEFAULT '' NOT NULL, 
	phone4 VARCHAR DEFAULT '' NOT NULL, 
	phone5 VARCHAR DEFAULT '' NOT NULL, 
	website VARCHAR NOT NULL, 
	billing_address JSON NOT NULL, 
	shipping_address JSON NOT NULL, 
	owner_id INTEGER, 
	person_notes VARCHAR NOT NULL, 
	created_on DATE, 
	name_key VARCHAR DEFAULT '' NOT NULL, 
	rest_key VARCHAR DEFAULT '' NOT NULL, 
	phone_key VARCHAR NOT NULL, 
	sort_key VARCHAR NOT NULL, 
	city_key VARCHAR DEFAULT '' NOT NULL, 
	merged_into_id INTEGER, 
	keap_id VARCHAR, 
	more JSON DEFAULT '{}' NOT NULL, 
	version INTEGER NOT NULL, 
	PRIMARY KEY (id), 
	FOREIGN KEY(owner_id) REFERENCES user (id), 
	FOREIGN KEY(merged_into_id) REFERENCES contact (id)
);
CREATE VIRTUAL TABLE contact_parts USING fts5(rest_key, phone_key, content = 'contact', content_rowid = 'id', tokenize = 'trigram', detail = 'column');
CREATE TABLE contact_tag (
	contact_id INTEGER NOT NULL, 
	tag_id INTEGER NOT NULL, 
	PRIMARY KEY (contact_id, tag_id), 
	FOREIGN KEY(contact_id) REFERENCES contact (id), 
	FOREIGN KEY(tag_id) REFERENCES tag (id)
);
CREATE VIRTUAL TABLE contact_vocabulary USING fts5vocab(contact_words, 'row');
CREATE VIRTUAL TABLE contact_words USING fts5(name_key, rest_key, content = 'contact', content_rowid = 'id', tokenize = 'ascii', prefix = '1 2 3');
CREATE TABLE correspondence (
	id INTEGER NOT NULL, 
	request_id INTEGER NOT NULL, 
	at DATETIME NOT NULL, 
	direction VARCHAR NOT NULL, 
	author VARCHAR NOT NULL, 
	subject VARCHAR NOT NULL, 
	body VARCHAR NOT NULL, 
	letter_id INTEGER, 
	PRIMARY KEY (id), 
	FOREIGN KEY(request_id) REFERENCES cancellation_request (id), 
	FOREIGN KEY(letter_id) REFERENCES letter (id)
);
CREATE TABLE credit_card (
	id INTEGER NOT NULL, 
	contact_id INTEGER NOT NULL, 
	brand VARCHAR NOT NULL, 
	last4 VARCHAR NOT NULL, 
	expires_month INTEGER NOT NULL, 
	expires_year INTEGER NOT NULL, 
	active BOOLEAN NOT NULL, 
	keap_id VARCHAR, 
	PRIMARY KEY (id), 
	FOREIGN KEY(contact_id) REFERENCES contact (id)
);
CREATE TABLE event (
	id INTEGER NOT NULL, 
	at DATETIME NOT NULL, 
	actor_id INTEGER, 
	actor VARCHAR NOT NULL, 
	role VARCHAR NOT NULL, 
	command VARCHAR NOT NULL, 
	route VARCHAR NOT NULL, 
	reason VARCHAR NOT NULL, 
	subject_type VARCHAR NOT NULL, 
	subject_id INTEGER, 
	contact_id INTEGER, 
	undoes_id INTEGER, 
	"before" JSON NOT NULL, 
	"after" JSON NOT NULL, 
	previous_hash VARCHAR NOT NULL, 
	hash VARCHAR NOT NULL, 
	PRIMARY KEY (id)
);
CREATE TABLE intention (
	intent VARCHAR NOT NULL, 
	actor_id INTEGER NOT NULL, 
	arguments VARCHAR NOT NULL, 
	event_id INTEGER NOT NULL, 
	PRIMARY KEY (intent), 
	FOREIGN KEY(actor_id) REFERENCES user (id), 
	FOREIGN KEY(event_id) REFERENCES event (id)
);
CREATE TABLE keap_connection (
	id INTEGER NOT NULL, 
	tenant VARCHAR NOT NULL, 
	base_url VARCHAR NOT NULL, 
	name VARCHAR NOT NULL, 
	currency VARCHAR NOT NULL, 
	time_zone VARCHAR NOT NULL, 
	connected BOOLEAN NOT NULL, 
	connected_at DATETIME NOT NULL, 
	connected_by VARCHAR NOT NULL, 
	writing_allowed BOOLEAN DEFAULT 0 NOT NULL, 
	sends_by_itself BOOLEAN DEFAULT 0 NOT NULL, 
	version INTEGER NOT NULL, 
	PRIMARY KEY (id)
);
CREATE TABLE keap_finding (
	name VARCHAR NOT NULL, 
	answer VARCHAR NOT NULL, 
	detail VARCHAR NOT NULL, 
	found_at DATETIME NOT NULL, 
	PRIMARY KEY (name)
);
CREATE TABLE keap_image (
	subscription_id INTEGER NOT NULL, 
	there JSON DEFAULT '{}' NOT NULL, 
	read_at DATETIME NOT NULL, 
	PRIMARY KEY (subscription_id), 
	FOREIGN KEY(subscription_id) REFERENCES subscription (id)
);
CREATE TABLE keap_object (
	kind VARCHAR NOT NULL, 
	keap_id VARCHAR NOT NULL, 
	body JSON DEFAULT '{}' NOT NULL, 
	read_at DATETIME NOT NULL, 
	PRIMARY KEY (kind, keap_id)
);
CREATE TABLE keap_outbox (
	id INTEGER NOT NULL, 
	event_id INTEGER NOT NULL, 
	subscription_id INTEGER, 
	order_id INTEGER, 
	contact_id INTEGER, 
	keap_id VARCHAR NOT NULL, 
	state VARCHAR NOT NULL, 
	wanted JSON DEFAULT '{}' NOT NULL, 
	sent JSON DEFAULT '{}' NOT NULL, 
	seen JSON DEFAULT '{}' NOT NULL, 
	steps JSON DEFAULT '[]' NOT NULL, 
	note VARCHAR NOT NULL, 
	attempts INTEGER NOT NULL, 
	recorded_at DATETIME NOT NULL, 
	sent_at DATETIME, 
	checked_at DATETIME, 
	settled_at DATETIME, 
	settled_by VARCHAR NOT NULL, 
	claimed_until DATETIME, 
	version INTEGER NOT NULL, 
	PRIMARY KEY (id), 
	FOREIGN KEY(event_id) REFERENCES event (id), 
	FOREIGN KEY(subscription_id) REFERENCES subscription (id), 
	FOREIGN KEY(order_id) REFERENCES "order" (id), 
	FOREIGN KEY(contact_id) REFERENCES contact (id)
);
CREATE TABLE keap_remark (
	kind VARCHAR NOT NULL, 
	keap_id VARCHAR NOT NULL, 
	what VARCHAR NOT NULL, 
	reason VARCHAR NOT NULL, 
	body JSON DEFAULT '{}' NOT NULL, 
	at DATETIME NOT NULL, 
	PRIMARY KEY (kind, keap_id)
);
CREATE TABLE keap_walk (
	kind VARCHAR NOT NULL, 
	walk VARCHAR NOT NULL, 
	after_id VARCHAR NOT NULL, 
	began_at DATETIME, 
	watermark DATETIME, 
	whole_at DATETIME, 
	read_at DATETIME, 
	refused VARCHAR NOT NULL, 
	counts JSON DEFAULT '{}' NOT NULL, 
	PRIMARY KEY (kind)
);
CREATE TABLE letter (
	id INTEGER NOT NULL, 
	contact_id INTEGER, 
	subscription_id INTEGER, 
	request_id INTEGER, 
	order_id INTEGER, 
	event_id INTEGER NOT NULL, 
	written_at DATETIME NOT NULL, 
	subject VARCHAR NOT NULL, 
	body VARCHAR NOT NULL, 
	log_hash VARCHAR NOT NULL, 
	PRIMARY KEY (id), 
	FOREIGN KEY(contact_id) REFERENCES contact (id), 
	FOREIGN KEY(subscription_id) REFERENCES subscription (id), 
	FOREIGN KEY(request_id) REFERENCES cancellation_request (id), 
	FOREIGN KEY(order_id) REFERENCES "order" (id), 
	FOREIGN KEY(event_id) REFERENCES event (id)
);
CREATE TABLE note (
	id INTEGER NOT NULL, 
	contact_id INTEGER NOT NULL, 
	subscription_id INTEGER, 
	order_id INTEGER, 
	author_id INTEGER, 
	at DATETIME NOT NULL, 
	author VARCHAR NOT NULL, 
	text VARCHAR NOT NULL, 
	PRIMARY KEY (id), 
	FOREIGN KEY(contact_id) REFERENCES contact (id), 
	FOREIGN KEY(subscription_id) REFERENCES subscription (id), 
	FOREIGN KEY(order_id) REFERENCES "order" (id), 
	FOREIGN KEY(author_id) REFERENCES user (id)
);
CREATE TABLE "order" (
	id INTEGER NOT NULL, 
	contact_id INTEGER NOT NULL, 
	subscription_id INTEGER, 
	title VARCHAR NOT NULL, 
	ordered_on DATE NOT NULL, 
	currency VARCHAR NOT NULL, 
	total_minor INTEGER NOT NULL, 
	received_minor INTEGER DEFAULT '0' NOT NULL, 
	refunded_minor INTEGER DEFAULT '0' NOT NULL, 
	version INTEGER NOT NULL, 
	keap_id VARCHAR, 
	invoice_id VARCHAR, 
	more JSON DEFAULT '{}' NOT NULL, 
	PRIMARY KEY (id), 
	FOREIGN KEY(contact_id) REFERENCES contact (id), 
	FOREIGN KEY(subscription_id) REFERENCES subscription (id)
);
CREATE TABLE order_item (
	id INTEGER NOT NULL, 
	order_id INTEGER NOT NULL, 
	product_id INTEGER, 
	name VARCHAR NOT NULL, 
	quantity INTEGER NOT NULL, 
	price_minor INTEGER NOT NULL, 
	keap_id VARCHAR, 
	PRIMARY KEY (id), 
	FOREIGN KEY(order_id) REFERENCES "order" (id), 
	FOREIGN KEY(product_id) REFERENCES product (id)
);
CREATE TABLE payment (
	id INTEGER NOT NULL, 
	order_id INTEGER NOT NULL, 
	returns_payment_id INTEGER, 
	refund_id INTEGER, 
	kind VARCHAR NOT NULL, 
	method VARCHAR NOT NULL, 
	state VARCHAR NOT NULL, 
	paid_on DATE NOT NULL, 
	amount_minor INTEGER NOT NULL, 
	gateway_reference VARCHAR NOT NULL, 
	note VARCHAR NOT NULL, 
	reason_code VARCHAR DEFAULT '' NOT NULL, 
	intent VARCHAR, 
	recorded_at DATETIME, 
	recorded_by VARCHAR DEFAULT '' NOT NULL, 
	recorded_by_id INTEGER, 
	keap_id VARCHAR, 
	PRIMARY KEY (id), 
	FOREIGN KEY(order_id) REFERENCES "order" (id), 
	FOREIGN KEY(returns_payment_id) REFERENCES payment (id), 
	FOREIGN KEY(refund_id) REFERENCES payment (id)
);
CREATE TABLE product (
	id INTEGER NOT NULL, 
	name VARCHAR NOT NULL, 
	sku VARCHAR NOT NULL, 
	price_minor INTEGER NOT NULL, 
	currency VARCHAR NOT NULL, 
	active BOOLEAN NOT NULL, 
	keap_id VARCHAR, 
	PRIMARY KEY (id)
);
CREATE TABLE recent_contact (
	user_id INTEGER NOT NULL, 
	contact_id INTEGER NOT NULL, 
	opened INTEGER NOT NULL, 
	PRIMARY KEY (user_id, contact_id), 
	FOREIGN KEY(user_id) REFERENCES user (id), 
	FOREIGN KEY(contact_id) REFERENCES contact (id)
);
CREATE TABLE refund_line (
	payment_id INTEGER NOT NULL, 
	order_item_id INTEGER NOT NULL, 
	amount_minor INTEGER NOT NULL, 
	PRIMARY KEY (payment_id, order_item_id), 
	FOREIGN KEY(payment_id) REFERENCES payment (id), 
	FOREIGN KEY(order_item_id) REFERENCES order_item (id)
);
CREATE TABLE refund_request (
	id INTEGER NOT NULL, 
	order_id INTEGER NOT NULL, 
	payment_id INTEGER NOT NULL, 
	order_version INTEGER NOT NULL, 
	kind VARCHAR NOT NULL, 
	amount_minor INTEGER NOT NULL, 
	currency VARCHAR NOT NULL, 
	owed_after_minor INTEGER NOT NULL, 
	order_item_id INTEGER, 
	reason_code VARCHAR NOT NULL, 
	note VARCHAR NOT NULL, 
	gateway_reference VARCHAR NOT NULL, 
	intent VARCHAR NOT NULL, 
	standing VARCHAR NOT NULL, 
	requested_by_id INTEGER, 
	requested_by VARCHAR NOT NULL, 
	requested_at DATETIME NOT NULL, 
	decided_by VARCHAR NOT NULL, 
	decided_at DATETIME, 
	decision_note VARCHAR NOT NULL, 
	refund_id INTEGER, 
	version INTEGER NOT NULL, 
	PRIMARY KEY (id), 
	FOREIGN KEY(order_id) REFERENCES "order" (id), 
	FOREIGN KEY(payment_id) REFERENCES payment (id), 
	FOREIGN KEY(order_item_id) REFERENCES order_item (id), 
	FOREIGN KEY(requested_by_id) REFERENCES user (id), 
	FOREIGN KEY(refund_id) REFERENCES payment (id)
);
CREATE TABLE refund_task (
	id INTEGER NOT NULL, 
	subscription_id INTEGER NOT NULL, 
	contact_id INTEGER NOT NULL, 
	noted_at DATETIME NOT NULL, 
	noted_by VARCHAR NOT NULL, 
	done_at DATETIME, 
	done_by VARCHAR NOT NULL, 
	refund_id INTEGER, 
	PRIMARY KEY (id), 
	FOREIGN KEY(subscription_id) REFERENCES subscription (id), 
	FOREIGN KEY(contact_id) REFERENCES contact (id), 
	FOREIGN KEY(refund_id) REFERENCES payment (id)
);
CREATE TABLE saved_view (
	id INTEGER NOT NULL, 
	name VARCHAR NOT NULL, 
	name_key VARCHAR NOT NULL, 
	listing VARCHAR NOT NULL, 
	user_id INTEGER, 
	made_by VARCHAR NOT NULL, 
	made_by_id INTEGER, 
	made_at DATETIME NOT NULL, 
	"query" VARCHAR NOT NULL, 
	sort VARCHAR NOT NULL, 
	reverse BOOLEAN NOT NULL, 
	columns JSON NOT NULL, 
	version INTEGER NOT NULL, 
	PRIMARY KEY (id), 
	FOREIGN KEY(user_id) REFERENCES user (id), 
	FOREIGN KEY(made_by_id) REFERENCES user (id)
);
CREATE TABLE sign_in (
	id INTEGER NOT NULL, 
	user_id INTEGER, 
	email_key VARCHAR NOT NULL, 
	at DATETIME NOT NULL, 
	outcome VARCHAR NOT NULL, 
	program VARCHAR NOT NULL, 
	host VARCHAR DEFAULT '' NOT NULL, 
	seen_at DATETIME, 
	route VARCHAR DEFAULT '' NOT NULL, 
	ended_at DATETIME, 
	ended_by VARCHAR DEFAULT '' NOT NULL, 
	PRIMARY KEY (id), 
	FOREIGN KEY(user_id) REFERENCES user (id)
);
CREATE TABLE sign_in_miss (
	email_key VARCHAR NOT NULL, 
	misses INTEGER NOT NULL, 
	wait_until DATETIME, 
	PRIMARY KEY (email_key)
);
CREATE TABLE subscription (
	id INTEGER NOT NULL, 
	contact_id INTEGER NOT NULL, 
	plan_id INTEGER NOT NULL, 
	quantity INTEGER NOT NULL, 
	price_minor INTEGER NOT NULL, 
	currency VARCHAR NOT NULL, 
	cycle VARCHAR NOT NULL, 
	frequency INTEGER NOT NULL, 
	start_date DATE NOT NULL, 
	anchor DATE NOT NULL, 
	status VARCHAR NOT NULL, 
	auto_charge BOOLEAN NOT NULL, 
	credit_card_id INTEGER, 
	max_attempts INTEGER NOT NULL, 
	days_between_attempts INTEGER NOT NULL, 
	merchant_account VARCHAR DEFAULT '' NOT NULL, 
	paid_through DATE, 
	next_bill_date DATE, 
	credits INTEGER NOT NULL, 
	end_date DATE, 
	reason_code VARCHAR, 
	reason_note VARCHAR NOT NULL, 
	requested_on DATE, 
	charging_stops_on DATE, 
	recorded_at DATETIME, 
	recorded_by VARCHAR, 
	paused_from DATE, 
	resumes_on DATE, 
	restarts_cycle BOOLEAN DEFAULT 0 NOT NULL, 
	access_in_pause BOOLEAN DEFAULT 0 NOT NULL, 
	version INTEGER NOT NULL, 
	keap_id VARCHAR, 
	more JSON DEFAULT '{}' NOT NULL, 
	imported_on DATE, 
	imported_version INTEGER, 
	PRIMARY KEY (id), 
	FOREIGN KEY(contact_id) REFERENCES contact (id), 
	FOREIGN KEY(plan_id) REFERENCES subscription_plan (id), 
	FOREIGN KEY(credit_card_id) REFERENCES credit_card (id)
);
CREATE TABLE subscription_plan (
	id INTEGER NOT NULL, 
	product_id INTEGER NOT NULL, 
	name VARCHAR NOT NULL, 
	cycle VARCHAR NOT NULL, 
	frequency INTEGER NOT NULL, 
	price_minor INTEGER NOT NULL, 
	currency VARCHAR NOT NULL, 
	active BOOLEAN NOT NULL, 
	keap_id VARCHAR, 
	PRIMARY KEY (id), 
	FOREIGN KEY(product_id) REFERENCES product (id)
);
CREATE TABLE tag (
	id INTEGER NOT NULL, 
	name VARCHAR NOT NULL, 
	category VARCHAR NOT NULL, 
	keap_id VARCHAR, 
	PRIMARY KEY (id)
);
CREATE TABLE user (
	id INTEGER NOT NULL, 
	email VARCHAR NOT NULL, 
	email_key VARCHAR NOT NULL, 
	name VARCHAR NOT NULL, 
	role VARCHAR NOT NULL, 
	verified BOOLEAN NOT NULL, 
	active BOOLEAN NOT NULL, 
	password_hash VARCHAR NOT NULL, 
	invite_hash VARCHAR DEFAULT '' NOT NULL, 
	invited_until DATETIME, 
	password_changed_at DATETIME, 
	PRIMARY KEY (id), 
	UNIQUE (email_key)
);
CREATE INDEX ix_account_invoice_issued_on ON account_invoice (issued_on);
CREATE INDEX ix_automation_contact_id ON automation (contact_id);
CREATE INDEX ix_batch_event_id ON batch (event_id);
CREATE INDEX ix_batch_made_by_id ON batch (made_by_id);
CREATE INDEX ix_batch_row_event_id ON batch_row (event_id);
CREATE INDEX ix_batch_row_state ON batch_row (batch_id, state);
CREATE INDEX ix_batch_row_subscription_id ON batch_row (subscription_id);
CREATE INDEX ix_batch_standing ON batch (standing);
CREATE INDEX ix_cancellation_request_answer_due ON cancellation_request (answer_due);
CREATE UNIQUE INDEX ix_cancellation_request_one_call ON cancellation_request (requested_by_id) WHERE kind = 'call' AND standing = 'open';
CREATE UNIQUE INDEX ix_cancellation_request_one_standing ON cancellation_request (kind) WHERE kind = 'cancellation' AND standing IN ('open', 'confirmed');
CREATE INDEX ix_cancellation_request_requested_by_id ON cancellation_request (requested_by_id);
CREATE INDEX ix_cancellation_request_standing ON cancellation_request (standing);
CREATE INDEX ix_contact_city ON contact (city_key) WHERE city_key != '';
CREATE UNIQUE INDEX ix_contact_keap_id ON contact (keap_id);
CREATE INDEX ix_contact_merged_into_id ON contact (merged_into_id);
CREATE INDEX ix_contact_owner_id ON contact (owner_id);
CREATE INDEX ix_contact_sort_key ON contact (sort_key);
CREATE INDEX ix_contact_tag_tag ON contact_tag (tag_id, contact_id);
CREATE INDEX ix_correspondence_letter_id ON correspondence (letter_id);
CREATE INDEX ix_correspondence_request_id ON correspondence (request_id);
CREATE INDEX ix_credit_card_contact_id ON credit_card (contact_id);
CREATE UNIQUE INDEX ix_credit_card_keap_id ON credit_card (keap_id);
CREATE INDEX ix_credit_card_last4 ON credit_card (last4);
CREATE INDEX ix_event_contact_id ON event (contact_id);
CREATE INDEX ix_event_subject ON event (subject_type, subject_id);
CREATE INDEX ix_event_undoes_id ON event (undoes_id);
CREATE INDEX ix_intention_actor_id ON intention (actor_id);
CREATE INDEX ix_intention_event_id ON intention (event_id);
CREATE INDEX ix_keap_outbox_contact_id ON keap_outbox (contact_id);
CREATE INDEX ix_keap_outbox_event_id ON keap_outbox (event_id);
CREATE INDEX ix_keap_outbox_open ON keap_outbox (state, id) WHERE state IN ('waiting', 'sending', 'unknown', 'conflict', 'refused', 'manual', 'done');
CREATE INDEX ix_keap_outbox_order_id ON keap_outbox (order_id);
CREATE INDEX ix_keap_outbox_subscription_id ON keap_outbox (subscription_id);
CREATE INDEX ix_letter_contact_id ON letter (contact_id);
CREATE INDEX ix_letter_event_id ON letter (event_id);
CREATE INDEX ix_letter_order_id ON letter (order_id);
CREATE INDEX ix_letter_request_id ON letter (request_id);
CREATE INDEX ix_letter_subscription_id ON letter (subscription_id);
CREATE INDEX ix_note_author_id ON note (author_id);
CREATE INDEX ix_note_contact_id ON note (contact_id);
CREATE INDEX ix_note_order_id ON note (order_id);
CREATE INDEX ix_note_subscription_id ON note (subscription_id);
CREATE INDEX ix_order_contact_day ON "order" (contact_id, ordered_on);
CREATE INDEX ix_order_contact_id ON "order" (contact_id);
CREATE INDEX ix_order_due ON "order" (contact_id, currency, total_minor, received_minor) WHERE total_minor > received_minor;
CREATE INDEX ix_order_invoice_id ON "order" (invoice_id);
CREATE UNIQUE INDEX ix_order_item_keap_id ON order_item (keap_id);
CREATE INDEX ix_order_item_order_id ON order_item (order_id);
CREATE INDEX ix_order_item_product_id ON order_item (product_id);
CREATE UNIQUE INDEX ix_order_keap_id ON "order" (keap_id);
CREATE INDEX ix_order_owing_again ON "order" (ordered_on) WHERE refunded_minor >= total_minor - received_minor AND total_minor - received_minor > 0;
CREATE INDEX ix_order_subscription_id ON "order" (subscription_id);
CREATE INDEX ix_payment_correction ON payment (returns_payment_id) WHERE kind = 'refund_correction';
CREATE UNIQUE INDEX ix_payment_intent ON payment (intent);
CREATE UNIQUE INDEX ix_payment_keap_id ON payment (keap_id);
CREATE INDEX ix_payment_order_id ON payment (order_id);
CREATE INDEX ix_payment_reference ON payment (gateway_reference) WHERE gateway_reference != '';
CREATE INDEX ix_payment_refund_id ON payment (refund_id);
CREATE INDEX ix_payment_returns_payment_id ON payment (returns_payment_id);
CREATE INDEX ix_payment_unconfirmed ON payment (id) WHERE kind IN ('refund', 'void') AND gateway_reference = '' AND recorded_at IS NOT NULL;
CREATE UNIQUE INDEX ix_product_keap_id ON product (keap_id);
CREATE INDEX ix_refund_line_order_item_id ON refund_line (order_item_id);
CREATE UNIQUE INDEX ix_refund_request_intent ON refund_request (intent);
CREATE INDEX ix_refund_request_order_id ON refund_request (order_id);
CREATE INDEX ix_refund_request_order_item_id ON refund_request (order_item_id);
CREATE INDEX ix_refund_request_payment_id ON refund_request (payment_id);
CREATE INDEX ix_refund_request_refund_id ON refund_request (refund_id);
CREATE INDEX ix_refund_request_requested_by_id ON refund_request (requested_by_id);
CREATE INDEX ix_refund_request_standing ON refund_request (standing);
CREATE INDEX ix_refund_task_contact_id ON refund_task (contact_id);
CREATE INDEX ix_refund_task_refund_id ON refund_task (refund_id);
CREATE INDEX ix_refund_task_subscription_id ON refund_task (subscription_id);
CREATE INDEX ix_saved_view_made_by_id ON saved_view (made_by_id);
CREATE INDEX ix_saved_view_name_key ON saved_view (name_key);
CREATE INDEX ix_saved_view_user_id ON saved_view (user_id);
CREATE INDEX ix_sign_in_email_key ON sign_in (email_key);
CREATE INDEX ix_sign_in_user_id ON sign_in (user_id);
CREATE INDEX ix_subscription_contact_id ON subscription (contact_id);
CREATE INDEX ix_subscription_contact_standing ON subscription (contact_id, status, start_date DESC);
CREATE INDEX ix_subscription_credit_card_id ON subscription (credit_card_id);
CREATE INDEX ix_subscription_end_date ON subscription (end_date);
CREATE INDEX ix_subscription_ending ON subscription (end_date) WHERE status = 'Active' AND end_date IS NOT NULL;
CREATE UNIQUE INDEX ix_subscription_keap_id ON subscription (keap_id);
CREATE INDEX ix_subscription_next_bill_date ON subscription (next_bill_date);
CREATE INDEX ix_subscription_no_end_date ON subscription (id) WHERE status = 'Inactive' AND end_date IS NULL;
CREATE INDEX ix_subscription_no_reason ON subscription (id) WHERE status = 'Inactive' AND coalesce(reason_code, '') = '';
CREATE INDEX ix_subscription_paused ON subscription (resumes_on) WHERE paused_from IS NOT NULL;
CREATE INDEX ix_subscription_plan_id ON subscription (plan_id);
CREATE UNIQUE INDEX ix_subscription_plan_keap_id ON subscription_plan (keap_id);
CREATE INDEX ix_subscription_plan_product_id ON subscription_plan (product_id);
CREATE INDEX ix_subscription_reason ON subscription (reason_code) WHERE reason_code IS NOT NULL;
CREATE INDEX ix_subscription_recorded_by ON subscription (recorded_by) WHERE recorded_by IS NOT NULL;
CREATE INDEX ix_subscription_status ON subscription (status);
CREATE INDEX ix_subscription_still_charging ON subscription (id) WHERE status = 'Inactive' AND auto_charge IS 1;
CREATE UNIQUE INDEX ix_tag_keap_id ON tag (keap_id);
CREATE TRIGGER contact_indexed AFTER INSERT ON contact BEGIN INSERT INTO contact_words(rowid, name_key, rest_key) VALUES (new.id, new.name_key, new.rest_key);INSERT INTO contact_parts(rowid, rest_key, phone_key) VALUES (new.id, new.rest_key, new.phone_key); END;
CREATE TRIGGER contact_reindexed AFTER UPDATE OF name_key, rest_key, phone_key, id ON contact BEGIN INSERT INTO contact_words(contact_words, rowid, name_key, rest_key) VALUES ('delete', old.id, old.name_key, old.rest_key);INSERT INTO contact_parts(contact_parts, rowid, rest_key, phone_key) VALUES ('delete', old.id, old.rest_key, old.phone_key);INSERT INTO contact_words(rowid, name_key, rest_key) VALUES (new.id, new.name_key, new.rest_key);INSERT INTO contact_parts(rowid, rest_key, phone_key) VALUES (new.id, new.rest_key, new.phone_key); END;
CREATE TRIGGER contact_unindexed AFTER DELETE ON contact BEGIN INSERT INTO contact_words(contact_words, rowid, name_key, rest_key) VALUES ('delete', old.id, old.name_key, old.rest_key);INSERT INTO contact_parts(contact_parts, rowid, rest_key, phone_key) VALUES ('delete', old.id, old.rest_key, old.phone_key); END;
CREATE TRIGGER event_no_delete BEFORE delete ON event
BEGIN
    SELECT RAISE(ABORT, 'the log is append-only');
END;
CREATE TRIGGER event_no_update BEFORE update ON event
BEGIN
    SELECT RAISE(ABORT, 'the log is append-only');
END;
