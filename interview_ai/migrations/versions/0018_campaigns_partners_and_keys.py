"""Campaigns with their rosters, memoranda, opt-outs, what came back, keys and webhooks, and what surrounds them."""

import sqlalchemy as sa
from alembic import op

from interview_ai.tables import Moment

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _make_idempotency_keys()
    _make_opt_outs()
    _make_published_counts()
    _make_api_keys()
    _make_message_texts()
    _make_returned()
    _make_webhooks()
    _make_campaigns()
    _make_memoranda()
    _make_webhook_deliveries()
    _make_campaign_rows()
    _widen_invitations()
    _widen_organisations()
    _widen_outbox()
    _widen_programmes()


def _make_idempotency_keys() -> None:
    op.create_table('idempotency_keys',
    sa.Column('id', sa.String(32), nullable=False),
    sa.Column('key', sa.String(255), nullable=False),
    sa.Column('request_hash', sa.String(64), nullable=False),
    sa.Column('status', sa.Integer(), nullable=False),
    sa.Column('response', sa.JSON(), nullable=False),
    sa.Column('created_at', Moment(), nullable=False),
    sa.Column('organisation_id', sa.String(32), nullable=False),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisations.id'], name=op.f('fk_idempotency_keys_organisation_id_organisations')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_idempotency_keys')),
    sa.UniqueConstraint('organisation_id', 'key', name=op.f('uq_idempotency_keys_organisation_id_key'))
    )
    op.create_index(op.f('ix_idempotency_keys_organisation_id'), 'idempotency_keys', ['organisation_id'])


def _make_opt_outs() -> None:
    op.create_table('opt_outs',
    sa.Column('id', sa.String(32), nullable=False),
    sa.Column('organisation_id', sa.String(32), nullable=True),
    sa.Column('address_hash', sa.String(64), nullable=False),
    sa.Column('source', sa.String(16), nullable=False),
    sa.Column('created_at', Moment(), nullable=False),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisations.id'], name=op.f('fk_opt_outs_organisation_id_organisations')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_opt_outs')),
    sa.UniqueConstraint('address_hash', 'organisation_id', name=op.f('uq_opt_outs_address_hash_organisation_id'))
    )
    op.create_index(op.f('ix_opt_outs_organisation_id'), 'opt_outs', ['organisation_id'])


def _make_published_counts() -> None:
    op.create_table('published_counts',
    sa.Column('id', sa.String(32), nullable=False),
    sa.Column('opening_id', sa.String(32), nullable=False),
    sa.Column('department', sa.Text(), nullable=False),
    sa.Column('cohort', sa.Text(), nullable=False),
    sa.Column('stage', sa.String(16), nullable=False),
    sa.Column('n', sa.Integer(), nullable=False),
    sa.Column('published_at', Moment(), nullable=False),
    sa.Column('organisation_id', sa.String(32), nullable=False),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisations.id'], name=op.f('fk_published_counts_organisation_id_organisations')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_published_counts')),
    sa.UniqueConstraint('organisation_id', 'opening_id', 'department', 'cohort', 'stage', name=op.f('uq_published_counts_organisation_id_opening_id_department_cohort_stage'))
    )
    op.create_index(op.f('ix_published_counts_organisation_id'), 'published_counts', ['organisation_id'])


def _make_api_keys() -> None:
    op.create_table('api_keys',
    sa.Column('id', sa.String(32), nullable=False),
    sa.Column('staff_id', sa.String(32), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('begins', sa.String(16), nullable=False),
    sa.Column('key_hash', sa.String(64), nullable=False),
    sa.Column('scopes', sa.JSON(), nullable=False),
    sa.Column('created_at', Moment(), nullable=False),
    sa.Column('expires_at', Moment(), nullable=True),
    sa.Column('used_at', Moment(), nullable=True),
    sa.Column('revoked_at', Moment(), nullable=True),
    sa.Column('organisation_id', sa.String(32), nullable=False),
    sa.ForeignKeyConstraint(['organisation_id', 'staff_id'], ['staff.organisation_id', 'staff.id'], name=op.f('fk_api_keys_organisation_id_staff_id_staff')),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisations.id'], name=op.f('fk_api_keys_organisation_id_organisations')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_api_keys')),
    sa.UniqueConstraint('key_hash', name=op.f('uq_api_keys_key_hash')),
    sa.UniqueConstraint('organisation_id', 'id', name=op.f('uq_api_keys_organisation_id_id'))
    )
    op.create_index(op.f('ix_api_keys_organisation_id'), 'api_keys', ['organisation_id'])


def _make_message_texts() -> None:
    op.create_table('message_texts',
    sa.Column('id', sa.String(32), nullable=False),
    sa.Column('kind', sa.String(24), nullable=False),
    sa.Column('language', sa.String(2), nullable=False),
    sa.Column('channel', sa.String(8), nullable=False),
    sa.Column('subject', sa.Text(), nullable=False),
    sa.Column('body', sa.Text(), nullable=False),
    sa.Column('staff_id', sa.String(32), nullable=False),
    sa.Column('changed_at', Moment(), nullable=False),
    sa.Column('organisation_id', sa.String(32), nullable=False),
    sa.ForeignKeyConstraint(['organisation_id', 'staff_id'], ['staff.organisation_id', 'staff.id'], name=op.f('fk_message_texts_organisation_id_staff_id_staff')),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisations.id'], name=op.f('fk_message_texts_organisation_id_organisations')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_message_texts')),
    sa.UniqueConstraint('organisation_id', 'kind', 'language', 'channel', name=op.f('uq_message_texts_organisation_id_kind_language_channel'))
    )
    op.create_index(op.f('ix_message_texts_organisation_id'), 'message_texts', ['organisation_id'])


def _make_returned() -> None:
    op.create_table('returned',
    sa.Column('id', sa.String(32), nullable=False),
    sa.Column('mail_id', sa.String(32), nullable=False),
    sa.Column('kind', sa.String(16), nullable=False),
    sa.Column('permanent', sa.Boolean(), nullable=False),
    sa.Column('code', sa.String(16), nullable=False),
    sa.Column('created_at', Moment(), nullable=False),
    sa.ForeignKeyConstraint(['mail_id'], ['outbox.id'], name=op.f('fk_returned_mail_id_outbox')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_returned')),
    sa.UniqueConstraint('mail_id', 'kind', 'code', name=op.f('uq_returned_mail_id_kind_code'))
    )


def _make_webhooks() -> None:
    op.create_table('webhooks',
    sa.Column('id', sa.String(32), nullable=False),
    sa.Column('staff_id', sa.String(32), nullable=False),
    sa.Column('url', sa.Text(), nullable=False),
    sa.Column('secret', sa.LargeBinary(), nullable=False),
    sa.Column('events', sa.JSON(), nullable=False),
    sa.Column('created_at', Moment(), nullable=False),
    sa.Column('disabled_at', Moment(), nullable=True),
    sa.Column('organisation_id', sa.String(32), nullable=False),
    sa.ForeignKeyConstraint(['organisation_id', 'staff_id'], ['staff.organisation_id', 'staff.id'], name=op.f('fk_webhooks_organisation_id_staff_id_staff')),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisations.id'], name=op.f('fk_webhooks_organisation_id_organisations')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_webhooks')),
    sa.UniqueConstraint('organisation_id', 'id', name=op.f('uq_webhooks_organisation_id_id'))
    )
    op.create_index(op.f('ix_webhooks_organisation_id'), 'webhooks', ['organisation_id'])


def _make_campaigns() -> None:
    op.create_table('campaigns',
    sa.Column('id', sa.String(32), nullable=False),
    sa.Column('opening_id', sa.String(32), nullable=False),
    sa.Column('staff_id', sa.String(32), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('state', sa.String(16), nullable=False),
    sa.Column('file_name', sa.Text(), nullable=False),
    sa.Column('file_key', sa.Text(), nullable=True),
    sa.Column('file_bytes', sa.BigInteger(), nullable=False),
    sa.Column('heads', sa.JSON(), nullable=False),
    sa.Column('columns', sa.JSON(), nullable=False),
    sa.Column('fault', sa.JSON(), nullable=True),
    sa.Column('rows_read', sa.Integer(), nullable=False),
    sa.Column('rows_total', sa.Integer(), nullable=True),
    sa.Column('sent_row', sa.Integer(), nullable=False),
    sa.Column('language', sa.String(2), nullable=False),
    sa.Column('consent_basis', sa.String(24), nullable=False),
    sa.Column('consent_note', sa.Text(), nullable=False),
    sa.Column('proof', sa.String(16), nullable=False, server_default='none'),
    sa.Column('channel', sa.String(8), nullable=False),
    sa.Column('per_minute', sa.Integer(), nullable=False),
    sa.Column('quiet_from', sa.Integer(), nullable=True),
    sa.Column('quiet_until', sa.Integer(), nullable=True),
    sa.Column('reply_to', sa.Text(), nullable=True),
    sa.Column('remind_after_days', sa.Integer(), nullable=True),
    sa.Column('lease_token', sa.String(32), nullable=True),
    sa.Column('next_at', Moment(), nullable=False),
    sa.Column('confirmed_at', Moment(), nullable=True),
    sa.Column('confirmed_by', sa.String(32), nullable=True),
    sa.Column('finished_at', Moment(), nullable=True),
    sa.Column('created_at', Moment(), nullable=False),
    sa.Column('organisation_id', sa.String(32), nullable=False),
    sa.ForeignKeyConstraint(['opening_id'], ['openings.id'], name=op.f('fk_campaigns_opening_id_openings')),
    sa.ForeignKeyConstraint(['organisation_id', 'staff_id'], ['staff.organisation_id', 'staff.id'], name=op.f('fk_campaigns_organisation_id_staff_id_staff')),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisations.id'], name=op.f('fk_campaigns_organisation_id_organisations')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_campaigns')),
    sa.UniqueConstraint('organisation_id', 'id', name=op.f('uq_campaigns_organisation_id_id'))
    )
    op.create_index(op.f('ix_campaigns_due'), 'campaigns', ['state', 'next_at'])
    op.create_index(op.f('ix_campaigns_opening_id'), 'campaigns', ['opening_id'])
    op.create_index(op.f('ix_campaigns_organisation_id'), 'campaigns', ['organisation_id'])


def _make_memoranda() -> None:
    op.create_table('memoranda',
    sa.Column('id', sa.String(32), nullable=False),
    sa.Column('programme_id', sa.String(32), nullable=False),
    sa.Column('university_id', sa.String(32), nullable=False),
    sa.Column('opening_id', sa.String(32), nullable=True),
    sa.Column('quota', sa.Integer(), nullable=True),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('until', Moment(), nullable=True),
    sa.Column('ended_at', Moment(), nullable=True),
    sa.Column('created_at', Moment(), nullable=False),
    sa.Column('organisation_id', sa.String(32), nullable=False),
    sa.ForeignKeyConstraint(['opening_id'], ['openings.id'], name=op.f('fk_memoranda_opening_id_openings')),
    sa.ForeignKeyConstraint(['organisation_id', 'programme_id'], ['programmes.organisation_id', 'programmes.id'], name=op.f('fk_memoranda_organisation_id_programme_id_programmes')),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisations.id'], name=op.f('fk_memoranda_organisation_id_organisations')),
    sa.ForeignKeyConstraint(['university_id'], ['organisations.id'], name=op.f('fk_memoranda_university_id_organisations')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_memoranda'))
    )
    op.create_index(op.f('ix_memoranda_opening_id'), 'memoranda', ['opening_id'])
    op.create_index(op.f('ix_memoranda_organisation_id'), 'memoranda', ['organisation_id'])
    op.create_index(op.f('ix_memoranda_programme_id'), 'memoranda', ['programme_id'])
    op.create_index(op.f('ix_memoranda_university_id'), 'memoranda', ['university_id'])


def _make_webhook_deliveries() -> None:
    op.create_table('webhook_deliveries',
    sa.Column('id', sa.String(32), nullable=False),
    sa.Column('webhook_id', sa.String(32), nullable=False),
    sa.Column('cause', sa.String(120), nullable=False),
    sa.Column('event', sa.String(48), nullable=False),
    sa.Column('payload', sa.JSON(), nullable=False),
    sa.Column('state', sa.String(16), nullable=False),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('next_at', Moment(), nullable=False),
    sa.Column('status_code', sa.Integer(), nullable=True),
    sa.Column('error', sa.Text(), nullable=True),
    sa.Column('created_at', Moment(), nullable=False),
    sa.Column('sent_at', Moment(), nullable=True),
    sa.Column('organisation_id', sa.String(32), nullable=False),
    sa.ForeignKeyConstraint(['organisation_id', 'webhook_id'], ['webhooks.organisation_id', 'webhooks.id'], name=op.f('fk_webhook_deliveries_organisation_id_webhook_id_webhooks')),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisations.id'], name=op.f('fk_webhook_deliveries_organisation_id_organisations')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_webhook_deliveries')),
    sa.UniqueConstraint('webhook_id', 'cause', name=op.f('uq_webhook_deliveries_webhook_id_cause'))
    )
    op.create_index(op.f('ix_webhook_deliveries_due'), 'webhook_deliveries', ['state', 'next_at'])
    op.create_index(op.f('ix_webhook_deliveries_organisation_id'), 'webhook_deliveries', ['organisation_id'])


def _make_campaign_rows() -> None:
    op.create_table('campaign_rows',
    sa.Column('id', sa.String(32), nullable=False),
    sa.Column('campaign_id', sa.String(32), nullable=False),
    sa.Column('row', sa.Integer(), nullable=False),
    sa.Column('outcome', sa.String(16), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('email', sa.Text(), nullable=False),
    sa.Column('phone', sa.Text(), nullable=True),
    sa.Column('student_number', sa.Text(), nullable=True),
    sa.Column('department', sa.Text(), nullable=True),
    sa.Column('cohort', sa.Text(), nullable=True),
    sa.Column('language', sa.String(2), nullable=False),
    sa.Column('proof_hash', sa.String(64), nullable=True),
    sa.Column('faults', sa.JSON(), nullable=True),
    sa.Column('invitation_id', sa.String(32), nullable=True),
    sa.Column('organisation_id', sa.String(32), nullable=False),
    sa.ForeignKeyConstraint(['organisation_id', 'campaign_id'], ['campaigns.organisation_id', 'campaigns.id'], name=op.f('fk_campaign_rows_organisation_id_campaign_id_campaigns')),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisations.id'], name=op.f('fk_campaign_rows_organisation_id_organisations')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_campaign_rows')),
    sa.UniqueConstraint('campaign_id', 'row', name=op.f('uq_campaign_rows_campaign_id_row'))
    )
    op.create_index(op.f('ix_campaign_rows_address'), 'campaign_rows', ['campaign_id', 'email'])
    op.create_index(op.f('ix_campaign_rows_invitation_id'), 'campaign_rows', ['invitation_id'])
    op.create_index(op.f('ix_campaign_rows_organisation_id'), 'campaign_rows', ['organisation_id'])
    op.create_index(op.f('ix_campaign_rows_outcome'), 'campaign_rows', ['campaign_id', 'outcome', 'row'])


def _widen_invitations() -> None:
    op.add_column("invitations", sa.Column('campaign_id', sa.String(32), nullable=True))
    op.add_column("invitations", sa.Column('opened_at', Moment(), nullable=True))
    op.add_column("invitations", sa.Column('proof', sa.String(16), nullable=False, server_default='none'))
    op.add_column("invitations", sa.Column('proof_hash', sa.String(64), nullable=True))
    op.add_column("invitations", sa.Column('proof_failures', sa.Integer(), nullable=False, server_default='0'))
    op.add_column("invitations", sa.Column('outcome_shared_at', Moment(), nullable=True))
    op.create_index(op.f('ix_invitations_campaign_id'), "invitations", ['campaign_id'])


def _widen_organisations() -> None:
    op.add_column("organisations", sa.Column('slug', sa.String(40), nullable=True))
    op.add_column("organisations", sa.Column('logo_key', sa.Text(), nullable=True))
    op.add_column("organisations", sa.Column('about_ko', sa.Text(), nullable=True))
    op.add_column("organisations", sa.Column('about_en', sa.Text(), nullable=True))
    op.add_column("organisations", sa.Column('website', sa.Text(), nullable=True))
    op.add_column("organisations", sa.Column('careers_url', sa.Text(), nullable=True))
    op.create_index(op.f('ix_organisations_slug'), "organisations", ['slug'], unique=True)


def _widen_outbox() -> None:
    op.add_column("outbox", sa.Column('html', sa.Text(), nullable=True))
    op.add_column("outbox", sa.Column('reply_to', sa.Text(), nullable=True))
    op.add_column("outbox", sa.Column('unsubscribe', sa.Text(), nullable=True))
    op.add_column("outbox", sa.Column('campaign_id', sa.String(32), nullable=True))
    op.add_column("outbox", sa.Column('channel', sa.String(8), nullable=False, server_default='mail'))
    op.add_column("outbox", sa.Column('phone', sa.String(24), nullable=True))
    op.add_column("outbox", sa.Column('returned_at', Moment(), nullable=True))
    op.create_index(op.f('ix_outbox_campaign_id'), "outbox", ['campaign_id'])


def _widen_programmes() -> None:
    op.add_column("programmes", sa.Column('places', sa.Integer(), nullable=True))
    op.add_column("programmes", sa.Column('deadline', Moment(), nullable=True))
    op.add_column("programmes", sa.Column('closed_at', Moment(), nullable=True))


ADDED = {
    "programmes": ("places", "deadline", "closed_at"),
    "outbox": ("html", "reply_to", "unsubscribe", "campaign_id", "channel", "phone", "returned_at"),
    "organisations": ("slug", "logo_key", "about_ko", "about_en", "website", "careers_url"),
    "invitations": (
        *("campaign_id", "opened_at", "proof", "proof_hash", "proof_failures", "outcome_shared_at"),
    ),
}


def downgrade() -> None:
    for table in ('webhook_deliveries', 'webhooks', 'api_keys', 'idempotency_keys', 'campaign_rows', 'campaigns', 'message_texts', 'opt_outs', 'returned', 'memoranda', 'published_counts'):
        op.drop_table(table)
    op.drop_index(op.f("ix_invitations_campaign_id"), "invitations")
    op.drop_index(op.f("ix_outbox_campaign_id"), "outbox")
    op.drop_index(op.f("ix_organisations_slug"), "organisations")
    for table, columns in ADDED.items():
        for column in columns:
            op.drop_column(table, column)
